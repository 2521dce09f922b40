import Bus
import Kernel
import Testing

/// What every presence store does, whoever keeps it.
@Suite struct PresenceStoreTests {
    @Test(arguments: TestPresenceStore.allCases) func whatIsHeldIsToldToAllInOneOrder(_ kind: TestPresenceStore) async throws {
        try await kind.with { stage in
            let (phone, laptop) = (stage.lease(1), stage.lease(stage.nodes.b, 1))
            #expect(try await stage.a.hold([phone]).isEmpty)
            #expect(try await stage.b.hold([laptop]).isEmpty)
            let idle = stage.lease(1, isIdle: true)
            #expect(try await stage.a.hold([idle]).isEmpty)
            #expect(try await stage.a.renew([phone.id]).isEmpty)
            try await stage.a.end([phone.id], .ended)
            let told = try await stage.told()
            #expect(told == [.held([phone]), .held([laptop]), .held([idle]), .renewed([phone.id]), .ended([phone.id], .ended)])
            #expect(try await stage.listed() == [laptop])
        }
    }

    /// The same person, the same number of a connection, two nodes: two devices.
    @Test(arguments: TestPresenceStore.allCases) func twoDevicesAreTwoLeases(_ kind: TestPresenceStore) async throws {
        try await kind.with { stage in
            let (phone, laptop) = (stage.lease(9, user: 5, isIdle: true), stage.lease(stage.nodes.b, 9, user: 5))
            _ = try await stage.a.hold([phone])
            _ = try await stage.b.hold([laptop])
            #expect(try await stage.listed() == [laptop, phone])
            try await stage.b.end([laptop.id], .left)
            #expect(try await stage.listed() == [phone])
        }
    }

    @Test(arguments: TestPresenceStore.allCases) func aLeaseEndsAtItsTermAndNotBefore(_ kind: TestPresenceStore) async throws {
        try await kind.with(term: 60_000) { stage in
            let lease = stage.lease(1)
            _ = try await stage.a.hold([lease])
            stage.pass(59_999)
            try await stage.b.expire()
            #expect(try await stage.told() == [.held([lease])])
            stage.pass(1)
            try await stage.b.expire()
            #expect(try await stage.told() == [.held([lease]), .ended([lease.id], .expired)])
            #expect(try await stage.listed().isEmpty)
        }
    }

    /// A node keeps its connections with a few calls, however many they are.
    @Test(arguments: TestPresenceStore.allCases) func whatIsRenewedInBatchesStands(_ kind: TestPresenceStore) async throws {
        try await kind.with(term: 60_000, batch: 100) { stage in
            let leases = (0..<1000).map { stage.lease($0, user: Int64($0 % 300)) }
            for part in leases.parts(of: 100) { #expect(try await stage.a.hold(part).isEmpty) }
            for _ in 0..<5 {
                stage.pass(50_000)
                for part in leases.map(\.id).parts(of: 100) { #expect(try await stage.a.renew(part).isEmpty) }
                try await stage.b.expire()
            }
            #expect(try await stage.listed() == leases)
            let told = try await stage.told()
            #expect(!told.contains { if case .ended = $0 { true } else { false } })
            #expect(told.filter { if case .renewed = $0 { true } else { false } }.count == 50)
        }
    }

    @Test(arguments: TestPresenceStore.allCases) func whoeverLooksALeaseEndsOnce(_ kind: TestPresenceStore) async throws {
        try await kind.with(term: 1000) { stage in
            let leases = (0..<400).map { stage.lease($0) }
            _ = try await stage.a.hold(leases)
            stage.pass(1000)
            try await withThrowingTaskGroup(of: Void.self) { group in
                let stores = [stage.a, stage.b]
                for number in 0..<16 { group.addTask { try await stores[number % 2].expire() } }
                try await group.waitForAll()
            }
            let ended = try await stage.told().flatMap { if case .ended(let ids, .expired) = $0 { ids } else { [PresenceLease.ID]() } }
            #expect(ended.sorted() == leases.map(\.id))
        }
    }

    @Test(arguments: TestPresenceStore.allCases) func aNodeThatDiesLosesItsLeasesAndNobodyElseDoes(_ kind: TestPresenceStore) async throws {
        try await kind.with(term: 60_000) { stage in
            let (dead, alive) = ((1...5).map { stage.lease($0) }, (1...5).map { stage.lease(stage.nodes.b, $0) })
            _ = try await stage.a.hold(dead)
            _ = try await stage.b.hold(alive)
            for _ in 0..<3 {
                stage.pass(20_000)
                #expect(try await stage.b.renew(alive.map(\.id)).isEmpty)
                try await stage.b.expire()
            }
            let ends = try await stage.told().filter { if case .ended = $0 { true } else { false } }
            #expect(ends == [.ended(dead.map(\.id), .expired)])
            #expect(try await stage.listed() == alive)
        }
    }

    /// It learns so when it renews, and begins again; a lease that is overdue and that nobody ended goes on.
    @Test(arguments: TestPresenceStore.allCases) func aNodeThatPausedLearnsWhatItLost(_ kind: TestPresenceStore) async throws {
        try await kind.with(term: 60_000) { stage in
            let lease = stage.lease(1)
            _ = try await stage.a.hold([lease])
            stage.pass(90_000)
            #expect(try await stage.a.renew([lease.id]).isEmpty)
            stage.pass(90_000)
            try await stage.b.expire()
            #expect(try await stage.a.renew([lease.id]) == [lease.id])
            #expect(try await stage.listed().isEmpty)
            #expect(try await stage.a.hold([lease]).isEmpty)
            let told = try await stage.told()
            #expect(told == [.held([lease]), .renewed([lease.id]), .ended([lease.id], .expired), .held([lease])])
            stage.pass(59_999)
            try await stage.b.expire()
            #expect(try await stage.listed() == [lease])
        }
    }

    @Test(arguments: TestPresenceStore.allCases) func whatDoesNotStandIsPassedOver(_ kind: TestPresenceStore) async throws {
        try await kind.with { stage in
            let (lease, other) = (stage.lease(1), stage.lease(2))
            try await stage.a.end([lease.id], .left)
            #expect(try await stage.a.renew([lease.id]) == [lease.id])
            _ = try await stage.a.hold([other])
            try await stage.a.end([lease.id, other.id], .silent)
            try await stage.a.end([lease.id, other.id], .left)
            #expect(try await stage.told() == [.held([other]), .ended([other.id], .silent)])
        }
    }

    /// A call that failed is repeated, though it may have been done.
    @Test(arguments: TestPresenceStore.allCases) func holdingTwiceIsHoldingOnce(_ kind: TestPresenceStore) async throws {
        try await kind.with(term: 60_000) { stage in
            let lease = stage.lease(1)
            _ = try await stage.a.hold([lease])
            stage.pass(30_000)
            _ = try await stage.a.hold([lease])
            #expect(try await stage.listed() == [lease])
            stage.pass(59_999)
            try await stage.a.expire()
            #expect(try await stage.listed() == [lease])
            try await stage.a.end([lease.id], .left)
            #expect(try await stage.listed().isEmpty)
        }
    }

    @Test(arguments: TestPresenceStore.allCases) func aFullStoreRefusesTheNewAndKeepsTheOld(_ kind: TestPresenceStore) async throws {
        try await kind.with(limit: 3) { stage in
            let leases = (1...5).map { stage.lease($0) }
            #expect(try await stage.a.hold(leases) == leases[3...].map(\.id))
            #expect(try await stage.b.hold([stage.lease(stage.nodes.b, 1)]).count == 1)
            let idle = stage.lease(1, isIdle: true)
            #expect(try await stage.a.hold([idle]).isEmpty)
            #expect(try await stage.a.renew(leases.map(\.id)) == leases[3...].map(\.id))
            #expect(try await stage.listed() == [idle, leases[1], leases[2]])
            try await stage.a.end([leases[1].id], .left)
            #expect(try await stage.a.hold([leases[3]]).isEmpty)
            #expect(try await stage.listed() == [idle, leases[2], leases[3]])
        }
    }

    /// Snapshot and events: what the pages give, and then what was told since before the first, is what stands.
    @Test(arguments: TestPresenceStore.allCases) func tenThousandAreListedInPagesWhileTheyChange(_ kind: TestPresenceStore) async throws {
        try await kind.with { stage in
            let leases = (0..<10_000).map { stage.lease($0 % 2 == 0 ? stage.nodes.a : stage.nodes.b, $0, user: Int64($0)) }
            for part in leases.parts(of: stage.a.batch) { _ = try await stage.a.hold(part) }
            #expect(try await stage.listed() == leases.sorted { $0.id < $1.id })
            let before = try await stage.told().count
            var pages: [PresenceLease] = []
            var round = 0
            while true {
                let page = try await stage.b.leases(after: pages.last?.id)
                pages += page
                guard page.count == stage.b.batch else { break }
                // Before what was read, behind it, and of it.
                round += 1
                try await stage.a.end(
                    [leases[round * 2].id, leases[9_999 - round * 2].id, page[0].id, page[round == 3 ? 9 : 0].id], .left)
                _ = try await stage.a.hold([
                    stage.lease(round, isIdle: true), stage.lease(20_000 + round), stage.lease(stage.nodes.b, 20_000 + round),
                ])
            }
            #expect(round >= 19)
            var standing = Standing(pages)
            standing.apply(Array(try await stage.told()[before...]))
            #expect(standing.sorted == (try await stage.listed()))
        }
    }

    @Test(arguments: TestPresenceStore.allCases) func manyAtOnceLeaveWhatWasToldLast(_ kind: TestPresenceStore) async throws {
        try await kind.with { stage in
            try await withThrowingTaskGroup(of: Void.self) { group in
                let stores = [stage.a, stage.b]
                for number in 0..<8 {
                    let leases = (0..<40).map { stage.lease($0, user: Int64($0), isIdle: number % 2 == 0) }
                    let store = stores[number % 2]
                    group.addTask {
                        for round in 0..<20 {
                            let some = Array(leases[(round % 4) * 10..<(round % 4) * 10 + 10])
                            _ = try await store.hold(some)
                            _ = try await store.renew(some.map(\.id))
                            if (round + number) % 3 == 0 { try await store.end(some.map(\.id), .left) }
                        }
                    }
                }
                try await group.waitForAll()
            }
            var standing = Standing()
            standing.apply(try await stage.told())
            #expect(standing.sorted == (try await stage.listed()))
        }
    }

    @Test(arguments: TestPresenceStore.allCases) func oneNodeSpeaksUntilItsTimeIsOver(_ kind: TestPresenceStore) async throws {
        try await kind.with { stage in
            func ask(_ isFirst: Bool) async throws -> Bool {
                try await isFirst ? stage.a.lead(stage.nodes.a, for: 5000) : stage.b.lead(stage.nodes.b, for: 5000)
            }
            var granted = try await [ask(true), ask(false)]
            stage.pass(4000)
            granted += try await [ask(true)]
            stage.pass(4999)
            granted += try await [ask(false)]
            stage.pass(1)
            granted += try await [ask(false), ask(true)]
            #expect(granted == [true, false, true, false, true, false])
        }
    }

    @Test(arguments: TestPresenceStore.allCases) func ofManyWhoAskToSpeakOneDoes(_ kind: TestPresenceStore) async throws {
        try await kind.with { stage in
            let stores = [stage.a, stage.b]
            let granted = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<32 {
                    group.addTask { try await stores[number % 2].lead(NodeID(rawValue: UInt64(number)), for: 5000) }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(granted == 1)
        }
    }
}

extension Array {
    func parts(of size: Int) -> [[Element]] { stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) } }
}
