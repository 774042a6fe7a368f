package memory

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"heshi/bot"
	"heshi/intake"
)

// Staff implements bot.People.
func (s *Store) Staff(ctx context.Context, id string) (bot.Staff, error) {
	return s.findStaff(ctx, func(p bot.Staff) bool { return p.ID == id })
}

// StaffByLogin implements bot.People.
func (s *Store) StaffByLogin(ctx context.Context, login string) (bot.Staff, error) {
	return s.findStaff(ctx, func(p bot.Staff) bool { return p.Login == login })
}

func (s *Store) findStaff(ctx context.Context, is func(bot.Staff) bool) (bot.Staff, error) {
	all, err := s.AllStaff(ctx)
	if err != nil {
		return bot.Staff{}, err
	}
	if i := slices.IndexFunc(all, is); i >= 0 {
		return all[i], nil
	}
	return bot.Staff{}, fmt.Errorf("reading staff: %w", bot.ErrNotFound)
}

// AllStaff implements bot.People, by id.
func (s *Store) AllStaff(ctx context.Context) ([]bot.Staff, error) {
	end, err := s.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	return s.allStaff()
}

func (s *Store) allStaff() ([]bot.Staff, error) {
	var out []bot.Staff
	for _, d := range s.staff {
		p, err := d.open()
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b bot.Staff) int { return cmp.Compare(a.ID, b.ID) })
	return out, nil
}

// SaveStaff implements bot.People. A login that somebody else has is a conflict too.
func (s *Store) SaveStaff(ctx context.Context, p bot.Staff) error {
	if p.ID == "" || p.Login == "" {
		return errors.New("saving staff: no id or no login")
	}
	end, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	all, err := s.allStaff()
	if err != nil {
		return err
	}
	version := int64(0)
	for _, o := range all {
		if o.ID == p.ID {
			version = o.Version
		} else if o.Login == p.Login {
			return fmt.Errorf("saving staff: the login is taken: %w", bot.ErrConflict)
		}
	}
	if p.Version != version {
		return fmt.Errorf("saving staff: %w", bot.ErrConflict)
	}
	p.Version++
	d, err := pack(p)
	if err == nil {
		s.staff[p.ID] = d
	}
	return err
}

// Offices implements bot.People, by id.
func (s *Store) Offices(ctx context.Context) ([]intake.Office, error) {
	end, err := s.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	var out []intake.Office
	for _, d := range s.offices {
		o, err := d.open()
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	slices.SortFunc(out, func(a, b intake.Office) int { return cmp.Compare(a.ID, b.ID) })
	return out, nil
}

// SaveOffice implements bot.People.
func (s *Store) SaveOffice(ctx context.Context, o intake.Office) error {
	if o.ID == "" {
		return errors.New("saving an office: no id")
	}
	end, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	d, err := pack(o)
	if err == nil {
		s.offices[o.ID] = d
	}
	return err
}
