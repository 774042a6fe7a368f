package intake

// Office is a people's mediation committee, a judicial office or a legal-aid centre. Region is the code of the
// place it serves: a town (12 digits) or a county, league or the region (6 or 12 digits).
type Office struct {
	ID        string   `yaml:"id" json:"id"`
	Code      string   `yaml:"code" json:"code"` // in receipt numbers
	Name      string   `yaml:"name" json:"name"`
	NameMn    string   `yaml:"name_mn,omitempty" json:"name_mn,omitempty"`
	Kind      string   `yaml:"kind" json:"kind"` // people_mediation, judicial_office, legal_aid
	Region    string   `yaml:"region" json:"region"`
	Languages []string `yaml:"languages" json:"languages"` // zh-Hans mn-Mong mn-Cyrl
	Types     []string `yaml:"types,omitempty" json:"types,omitempty"`
	Address   string   `yaml:"address,omitempty" json:"address,omitempty"`
	Phone     string   `yaml:"phone,omitempty" json:"phone,omitempty"`
	Hours     string   `yaml:"hours,omitempty" json:"hours,omitempty"`
	Lat       float64  `yaml:"lat,omitempty" json:"lat,omitempty"`
	Lon       float64  `yaml:"lon,omitempty" json:"lon,omitempty"`
	Demo      bool     `yaml:"demo,omitempty" json:"demo,omitempty"`
}

// The kinds of office.
const (
	PeopleMediation = "people_mediation"
	JudicialOffice  = "judicial_office"
	LegalAidCentre  = "legal_aid"
)
