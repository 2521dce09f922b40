import Simulation

try Simulate(Array(CommandLine.arguments.dropFirst())).run()
