package fintrack_test

import "testing"

func TestTheServiceAccountHasItsRoleAndNoToken(t *testing.T) {
	account := synth(t).One(t, "ServiceAccount", "web")
	account.Want("metadata annotations", `{"eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/fintrack-staging-web"}`)
	account.Want("automountServiceAccountToken", `false`)
}
