package stacks

import (
	"github.com/fintrack/platform/constructs/alarmtopic"
)

type alarmsStack struct {
	topic *alarmtopic.AlarmTopic
}

// alarms comes first, so that whatever raises an alarm finds somebody to tell.
func (e environment) alarms(name string) alarmsStack {
	stack := e.stack(name, "where alarms go")
	return alarmsStack{topic: alarmtopic.New(stack, "AlarmTopic", alarmtopic.Props{
		Name:   e.contract.Resource("alarms"),
		Emails: e.env.Alarms.Emails,
	})}
}
