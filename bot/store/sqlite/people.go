package sqlite

import (
	"context"
	"errors"
	"fmt"

	"heshi/bot"
	"heshi/intake"
)

// Staff implements bot.People.
func (s *Store) Staff(ctx context.Context, id string) (bot.Staff, error) {
	return s.oneStaff(ctx, `SELECT id, body FROM staff WHERE id = ?`, id)
}

// StaffByLogin implements bot.People.
func (s *Store) StaffByLogin(ctx context.Context, login string) (bot.Staff, error) {
	return s.oneStaff(ctx, `SELECT id, body FROM staff WHERE login = ?`, login)
}

func (s *Store) oneStaff(ctx context.Context, query, arg string) (bot.Staff, error) {
	var p bot.Staff
	var id string
	var body []byte
	err := s.read.get(ctx, query, []any{arg}, &id, &body)
	if err == nil {
		err = s.unpack("staff/"+id, body, &p)
	}
	if err != nil {
		return bot.Staff{}, fmt.Errorf("reading staff: %w", err)
	}
	return p, nil
}

// AllStaff implements bot.People, by id.
func (s *Store) AllStaff(ctx context.Context) ([]bot.Staff, error) {
	var out []bot.Staff
	err := s.read.each(ctx, `SELECT id, body FROM staff ORDER BY id`, nil, func(row scan) error {
		var p bot.Staff
		var id string
		var body []byte
		if err := row(&id, &body); err != nil {
			return err
		}
		if err := s.unpack("staff/"+id, body, &p); err != nil {
			return err
		}
		out = append(out, p)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("listing staff: %w", err)
	}
	return out, nil
}

// SaveStaff implements bot.People. A login that somebody else has is a conflict too.
func (s *Store) SaveStaff(ctx context.Context, p bot.Staff) error {
	if p.ID == "" || p.Login == "" {
		return errors.New("saving staff: no id or no login")
	}
	version := p.Version
	p.Version++
	body, err := s.pack("staff/"+p.ID, p)
	if err == nil {
		err = s.write(ctx, func(t *tx) error {
			n, err := t.swap(version == 0,
				`INSERT INTO staff (login, body, version, id) VALUES (?, ?, ? + 1, ?)`,
				`UPDATE staff SET login = ?, body = ?, version = version + 1 WHERE version = ? AND id = ?`,
				p.Login, body, version, p.ID)
			return swapped("staff", n, err)
		})
	}
	if err != nil {
		return fmt.Errorf("saving: %w", err)
	}
	return nil
}

// Offices implements bot.People, by id.
func (s *Store) Offices(ctx context.Context) ([]intake.Office, error) {
	var out []intake.Office
	err := s.read.each(ctx, `SELECT id, body FROM offices ORDER BY id`, nil, func(row scan) error {
		var o intake.Office
		var id string
		var body []byte
		if err := row(&id, &body); err != nil {
			return err
		}
		if err := s.unpack("office/"+id, body, &o); err != nil {
			return err
		}
		out = append(out, o)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("listing offices: %w", err)
	}
	return out, nil
}

// SaveOffice implements bot.People.
func (s *Store) SaveOffice(ctx context.Context, o intake.Office) error {
	if o.ID == "" {
		return errors.New("saving an office: no id")
	}
	body, err := s.pack("office/"+o.ID, o)
	if err == nil {
		err = s.write(ctx, func(t *tx) error {
			_, err := t.exec(`INSERT INTO offices (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body`, o.ID, body)
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("saving an office: %w", err)
	}
	return nil
}
