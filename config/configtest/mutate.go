package configtest

import (
	"math"
	"reflect"

	"github.com/fintrack/platform/config"
)

// Mutate makes an environment from the bytes of a fuzz test: it begins with
// staging, with everything or with nothing, and changes one node after the
// other. Equal data give equal environments.
func Mutate(data []byte) config.Environment {
	s := &source{data}
	var e config.Environment
	switch s.below(3) {
	case 0:
		e = config.Staging()
	case 1:
		e = Full()
	}
	for steps := 0; steps < 100 && len(s.data) > 0; steps++ {
		nodes := Nodes(&e)
		n := nodes[s.below(len(nodes))]
		change(n.Value, s)
		n.Store()
	}
	return e
}

// source hands out the fuzz data; behind its end come zeros.
type source struct{ data []byte }

func (s *source) next() byte {
	if len(s.data) == 0 {
		return 0
	}
	b := s.data[0]
	s.data = s.data[1:]
	return b
}

// below gives a number from 0 to n-1.
func (s *source) below(n int) int {
	value := int(s.next())
	if n > math.MaxUint8 {
		value = value<<8 | int(s.next())
	}
	return value % n
}

func (s *source) text() string {
	n := min(s.below(48), len(s.data))
	text := string(s.data[:n])
	s.data = s.data[n:]
	return text
}

func change(v reflect.Value, s *source) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(changeText(v.String(), s))
	case reflect.Int:
		v.SetInt(changeNumber(v.Int(), s))
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Slice:
		changeSlice(v, s)
	case reflect.Map:
		changeMap(v, s)
	case reflect.Pointer:
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		} else {
			v.SetZero()
		}
	default: // a struct
		v.SetZero()
	}
}

// words are texts that are right for some field or nearly so.
var words = []string{
	"", " ", "\x00", "\n", "\xff\xfe", "%s%d%!", "ß", "a", "A", "-", "a-", "a--b", ".", "..", "/", "//", "*", "${AWS::Region}",
	"web", "default", "kube-system", "argocd", "awsome", "Awsome", "staging-next", "eu-north-1", "eu-north-1a", "cn-north-1", "cn-north-1a", "us-gov-west-1",
	"a123456789012345678901234567890123456789", "a-very-long-name-of-20", "fintrack-platform", "FintrackPlatform",
	"10.0.0.0/16", "10.0.0.0/8", "0.0.0.0/0", "0.0.0.0/1", "::/0", "::ffff:10.0.0.0/112", "10.0.0.1/16", "10.0.0.0/33", "192.168.0.0/13", "203.0.113.0/24", "10.0.200.0/27", "fe80::1%eth0/64",
	"t4g.nano", "t3.micro", "m5.medium", "c7g.48xlarge", ".", "t3.", "db.t4g.micro", "db.m7g.large", "amd64", "arm64", "SPOT", "ON_DEMAND", "internal", "internet-facing",
	"0", "1", "64", "1e3", "0.0001", "999999999999999Gi", "128Mi", "128m", "1.5Gi", "250m", "100000000000000000000", "latest", "unreleased", "v1.2.3-eksbuild.4",
	"Instance", "Gateway", "GatewayPerZone", "ami-0123456789abcdef0", "/a/b:3", "example.com:443", "example.com:65536", "0123456789abcdef01234567", "a@b.co",
	"postgres", "mongodb-uri", "a/b", "a//b", "/a", "/aws", "/aws/x", "/awsome", "/tmp", "/tmp/../etc", "/usr", "/metrics?x=1", "PORT", "AWS_ROLE_ARN", "9A", "https://u:p@h/",
	"iam:PassRole", "s3:*", "s3:Get*", "*:*", "arn:aws:iam::111122223333:role/x", "arn:aws-cn:iam::111122223333:role/x", "arn:${AWS::Partition}:s3:::b/*", "arn:${AWS::Partition}:s3:::*", "arn:${AWS::Partition}:x:${Nope}::y",
}

func changeText(old string, s *source) string {
	switch s.below(4) {
	case 0:
		return s.text()
	case 1: // cut
		return old[:s.below(len(old)+1)]
	case 2: // put something in
		i := s.below(len(old) + 1)
		return old[:i] + string(rune(s.next())) + old[i:]
	default:
		return words[s.below(len(words))]
	}
}

var numbers = []int64{0, 1, -1, 2, 3, 7, 20, 53, 80, 100, 443, 5432, 1024, 3600, 65535, 65536, math.MaxInt32, math.MaxInt64, math.MaxInt64 - 5, math.MinInt64}

func changeNumber(old int64, s *source) int64 {
	if s.below(2) == 0 {
		return old + int64(s.below(256)) - 128 // may overflow, as people may
	}
	return numbers[s.below(len(numbers))]
}

func changeSlice(v reflect.Value, s *source) {
	switch i := s.below(v.Len() + 1); s.below(5) {
	case 0:
		v.SetZero()
	case 1:
		v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	case 2:
		v.Set(reflect.Append(v, reflect.Zero(v.Type().Elem())))
	case 3: // an element twice
		if i < v.Len() {
			v.Set(reflect.Append(v, v.Index(i)))
		}
	default: // one less
		if i < v.Len() {
			less := reflect.AppendSlice(reflect.MakeSlice(v.Type(), 0, v.Len()), v.Slice(0, i))
			v.Set(reflect.AppendSlice(less, v.Slice(i+1, v.Len())))
		}
	}
}

func changeMap(v reflect.Value, s *source) {
	switch s.below(4) {
	case 0:
		v.SetZero()
	case 1:
		v.Set(reflect.MakeMap(v.Type()))
	default: // one more, in a new map: a workload that stands twice shares the old one
		more := reflect.MakeMap(v.Type())
		for entry := v.MapRange(); entry.Next(); {
			more.SetMapIndex(entry.Key(), entry.Value())
		}
		more.SetMapIndex(reflect.ValueOf(changeText("KEY", s)), reflect.Zero(v.Type().Elem()))
		v.Set(more)
	}
}
