try await EchoServer(CommandLine.arguments).run()
