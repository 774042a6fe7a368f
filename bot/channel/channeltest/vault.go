package channeltest

import (
	"context"
	"fmt"
	"time"

	"heshi/bot"
)

// PutValue keeps a value until it expires.
func (m *Memory) PutValue(_ context.Context, bucket, key string, data []byte, expires time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.values[bucket+"/"+key] = value{append([]byte(nil), data...), expires}
	return nil
}

// Value reads a value.
func (m *Memory) Value(_ context.Context, bucket, key string, now time.Time) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.value(bucket, key, now)
}

func (m *Memory) value(bucket, key string, now time.Time) ([]byte, error) {
	v, ok := m.values[bucket+"/"+key]
	if !ok {
		return nil, fmt.Errorf("value in %s: %w", bucket, bot.ErrNotFound)
	}
	if now.After(v.expires) {
		return nil, fmt.Errorf("value in %s: %w", bucket, bot.ErrExpired)
	}
	return v.data, nil
}

// TakeValue reads a value and removes it.
func (m *Memory) TakeValue(_ context.Context, bucket, key string, now time.Time) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v, err := m.value(bucket, key, now)
	delete(m.values, bucket+"/"+key)
	return v, err
}

// DeleteValue removes a value.
func (m *Memory) DeleteValue(_ context.Context, bucket, key string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.values, bucket+"/"+key)
	return nil
}

// Values is every key and value in the vault, for looking for what must not be there.
func (m *Memory) Values() map[string]string {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := map[string]string{}
	for k, v := range m.values {
		out[k] = string(v.data)
	}
	return out
}

// PutBlob keeps the bytes of an attachment.
func (m *Memory) PutBlob(_ context.Context, owner bot.Address, hash, mime string, data []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.blobs[hash] = blob{owner, mime, append([]byte(nil), data...)}
	return nil
}

// Blob gives the bytes of an attachment.
func (m *Memory) Blob(_ context.Context, hash string) ([]byte, string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	b, ok := m.blobs[hash]
	if !ok {
		return nil, "", fmt.Errorf("blob: %w", bot.ErrNotFound)
	}
	return b.data, b.mime, nil
}
