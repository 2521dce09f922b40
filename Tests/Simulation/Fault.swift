/// Mistakes that a run can be made with, each at a seam between what is real: the simulation must notice every one of them.
package enum Fault: String, CaseIterable, Sendable {
    // What is between those who publish and those who read.
    case busRepeatsABatch = "bus-repeats"
    case busLosesABatch = "bus-loses"
    case busSwapsBatches = "bus-swaps"
    case positionIsAhead = "position-ahead"
    case replaySkipsTheFirst = "replay-skips"
    case replayRepeatsTheLast = "replay-repeats"
    case restartKeepsTheEpoch = "epoch-kept"
    case relaySkipsARecord = "relay-skips"
    // Who may.
    case rightsChangeIsNotTold = "rights-untold"
    case oldRightsAreGiven = "rights-old"
    case ruleForgetsTheRight = "rule-forgets"
    case endIsNotTold = "end-untold"
    case sessionsAreAnybodys = "sessions-shared"
    // Who is there.
    case noGrace = "no-grace"
    case noLease = "no-lease"
    case leaseWithoutRenewal = "lease-not-renewed"
    case leaseByTheTimeOfDay = "lease-by-wall-clock"
    case oneDeviceEndsAll = "one-device-ends-all"
    case invisibleIsHeardAsOnline = "invisible-online"
    case invisibleIsToldToAll = "invisible-told"
    case oldChoiceWins = "old-choice-wins"
}
