package intake

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Route finds the office for a matter: of the right kind, serving the place of the matter or the nearest place
// around it (town, then county, league, region), open to its dispute type, and among equals one that works in the
// citizen's language. why says in Chinese, for the citizen, what decided. A judicial office stands in where there
// is no mediation committee (人民调解工作若干规定 21; 法律援助法 38).
func Route(m Matter, offices []Office) (Office, string, bool) {
	type fit struct {
		office              Office
		reach, kind, tongue int
	}
	var fits []fit
	for _, o := range offices {
		kind := kindFit(m.Kind, o.Kind)
		reach := reach(m.Region, o.Region)
		if kind < 0 || reach < 0 || !serves(o, m.Types) {
			continue
		}
		tongue := 0
		if strings.HasPrefix(m.Lang, "mn") && !slices.ContainsFunc(o.Languages, func(l string) bool { return strings.HasPrefix(l, "mn") }) {
			tongue = 1
		}
		fits = append(fits, fit{o, reach, kind, tongue})
	}
	if len(fits) == 0 {
		return Office{}, "", false
	}
	slices.SortStableFunc(fits, func(a, b fit) int {
		return cmp.Or(cmp.Compare(a.reach, b.reach), cmp.Compare(a.kind, b.kind), cmp.Compare(a.tongue, b.tongue),
			cmp.Compare(a.office.ID, b.office.ID))
	})
	best := fits[0]
	why := [...]string{"就在您说的地方", "负责您说的旗县区", "负责您说的盟市", "负责全区"}[best.reach]
	if strings.HasPrefix(m.Lang, "mn") && best.tongue == 0 {
		why += "，可以说蒙古语"
	}
	return best.office, why, true
}

func kindFit(m Kind, office string) int {
	switch {
	case m == ForLegalAid && office == LegalAidCentre, m != ForLegalAid && office == PeopleMediation:
		return 0
	case m != ForLegalAid && office == JudicialOffice:
		return 1
	}
	return -1
}

// reach is how far the area of an office is from a place: 0 the place itself, then county, league and region around
// it; an office of a town inside the county named counts as the county's. -1 is elsewhere. A matter without a place
// is for the office of the whole region only.
func reach(place, area string) int {
	place, area = Canonical(place), Canonical(area)
	level := levelOf(area)
	switch {
	case area == "":
		return -1
	case area == "150000":
		return 3
	case place == "":
		return -1
	case place == area:
		return 0
	case level == 2 && strings.HasPrefix(place, area[:4]):
		return 2
	case level == 3 && strings.HasPrefix(place, area):
		return 1
	case level == 4 && area[:6] == place:
		return 1
	}
	return -1
}

func levelOf(code string) int {
	switch {
	case len(code) == 12:
		return 4
	case len(code) < 6:
		return 0
	case strings.HasSuffix(code, "0000"):
		return 1
	case strings.HasSuffix(code, "00"):
		return 2
	}
	return 3
}

func serves(o Office, types []string) bool {
	if len(o.Types) == 0 || len(types) == 0 {
		return true
	}
	return slices.ContainsFunc(o.Types, func(t string) bool { return types[0] == t || strings.HasPrefix(types[0], t+"-") })
}

// nearest is the office closest to a position, within 150 km; ok is false when none has a position so near.
func nearest(offices []Office, lat, lon float64) (best Office, ok bool) {
	least := 150.0
	for _, o := range offices {
		if o.Lat == 0 && o.Lon == 0 {
			continue
		}
		if d := kilometres(lat, lon, o.Lat, o.Lon); d < least {
			best, least, ok = o, d, true
		}
	}
	return best, ok
}

func kilometres(lat1, lon1, lat2, lon2 float64) float64 {
	const rad = math.Pi / 180
	x := (lon2 - lon1) * rad * math.Cos((lat1+lat2)/2*rad)
	y := (lat2 - lat1) * rad
	return 6371 * math.Hypot(x, y)
}
