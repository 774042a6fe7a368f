package intake

import (
	"regexp"
	"strings"
	"time"
	"unicode"
)

var (
	mobileNo   = regexp.MustCompile(`^1[3-9][0-9]{9}$`)
	landlineNo = regexp.MustCompile(`^0[0-9]{2,3}-?[0-9]{7,8}(-[0-9]{1,6})?$`)
	plateNo    = regexp.MustCompile(`^[\x{4e00}-\x{9fff}][A-Z][A-Z0-9]{4,5}[A-Z0-9挂学警港澳]$`)
	idShape    = regexp.MustCompile(`^[0-9]{17}[0-9X]$`)
)

// ValidID reports whether s is an identity number of 18 characters: a real birth date on or before today and the
// right check digit (GB 11643-1999, algorithm as commonly implemented). It never decides whether a matter is
// taken: an identity can always be checked at the office.
func ValidID(s string, today time.Time) bool {
	s = strings.ToUpper(strings.TrimSpace(s))
	if !idShape.MatchString(s) {
		return false
	}
	born, err := time.Parse("20060102", s[6:14])
	if err != nil || born.After(today) || born.Year() < 1880 {
		return false
	}
	sum := 0
	for i, w := range [...]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(s[i]-'0') * w
	}
	return s[17] == "10X98765432"[sum%11]
}

// ValidUSCC reports whether s is a unified social credit code (GB 32100-2015, algorithm as commonly implemented).
func ValidUSCC(s string) bool {
	const set = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	s = strings.ToUpper(strings.TrimSpace(s))
	if len(s) != 18 {
		return false
	}
	sum := 0
	for i, w := range [...]int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28} {
		v := strings.IndexByte(set, s[i])
		if v < 0 {
			return false
		}
		sum += v * w
	}
	return s[17] == set[(31-sum%31)%31]
}

// ValidMobile reports whether s is a mobile number of mainland China.
func ValidMobile(s string) bool { return mobileNo.MatchString(s) }

// ValidPhone reports whether s is a mobile or a landline number.
func ValidPhone(s string) bool { return mobileNo.MatchString(s) || landlineNo.MatchString(s) }

// ValidPlate reports whether s is a number plate, new-energy plates included.
func ValidPlate(s string) bool { return plateNo.MatchString(strings.ToUpper(s)) }

// ValidName reports whether s can be the name of a person: 2 to 50 characters, letters of any script, joints
// between them. Nothing is concluded from what name it is.
func ValidName(s string) bool {
	n := 0
	for _, r := range s {
		switch {
		case unicode.IsLetter(r) || unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r):
		case strings.ContainsRune("·•・.-' \u202f\u180e", r):
		default:
			return false
		}
		n++
	}
	return n >= 2 && n <= 50 && strings.IndexFunc(s, unicode.IsLetter) >= 0
}

// digitsOf keeps the digits of a number typed with spaces, joints or a country code.
func digitsOf(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return r
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		}
		return -1
	}, s)
	if len(s) == 13 {
		s = strings.TrimPrefix(s, "86")
	}
	return s
}
