package channeltest

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
)

// wechatSign is the platform's signature: SHA-1 over the sorted parts.
func wechatSign(parts ...string) string {
	parts = slices.Clone(parts)
	slices.Sort(parts)
	sum := sha1.Sum([]byte(strings.Join(parts, "")))
	return hex.EncodeToString(sum[:])
}

// wechatSeal encrypts as the platform does: 16 random bytes, the length, the message, the app id, padded to 32 bytes
// with their number, AES-256-CBC with the first half of the key as vector.
func wechatSeal(aesKey, appID string, random, plain []byte) (string, error) {
	block, key, err := wechatKey(aesKey)
	if err != nil {
		return "", err
	}
	buf := append([]byte(nil), random[:16]...)
	buf = binary.BigEndian.AppendUint32(buf, uint32(len(plain)))
	buf = append(buf, plain...)
	buf = append(buf, appID...)
	pad := 32 - len(buf)%32
	for range pad {
		buf = append(buf, byte(pad))
	}
	cipher.NewCBCEncrypter(block, key[:16]).CryptBlocks(buf, buf)
	return base64.StdEncoding.EncodeToString(buf), nil
}

// wechatOpen reverses wechatSeal.
func wechatOpen(aesKey, appID, sealed string) ([]byte, error) {
	block, key, err := wechatKey(aesKey)
	if err != nil {
		return nil, err
	}
	buf, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil || len(buf) == 0 || len(buf)%32 != 0 {
		return nil, errors.New("not a sealed message")
	}
	cipher.NewCBCDecrypter(block, key[:16]).CryptBlocks(buf, buf)
	pad := int(buf[len(buf)-1])
	if pad < 1 || pad > 32 || len(buf) < 20+pad {
		return nil, errors.New("wrong padding")
	}
	buf = buf[16 : len(buf)-pad]
	n := int(binary.BigEndian.Uint32(buf))
	if n > len(buf)-4 || string(buf[4+n:]) != appID {
		return nil, errors.New("sealed for somebody else")
	}
	return buf[4 : 4+n], nil
}

func wechatKey(aesKey string) (cipher.Block, []byte, error) {
	key, err := base64.StdEncoding.DecodeString(aesKey + "=")
	if err != nil {
		return nil, nil, err
	}
	block, err := aes.NewCipher(key)
	return block, key, err
}
