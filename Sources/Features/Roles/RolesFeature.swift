package import Audit
package import Database
package import Directory
package import FeatureKit
internal import HTTP
package import Kernel
package import Realtime
package import Runtime
package import Web

/// Roles, who has them, and what they allow: the only place where rights are changed.
package struct RolesFeature: Feature {
    package let authorizer: Authorizer
    package let assignments: RoleAssignments
    package let ownership: Ownership
    package let known: MemberCache
    let database: any Database
    let tools: RolesTools

    package init(
        database: any Database, audit: AuditLog, ids: IDGenerator, clock: WallClock = .system,
        directory: MemberDirectory = MemberDirectory(), log: Log = .silent
    ) {
        let authorizer = Authorizer(database: database, clock: clock, log: log)
        self.authorizer = authorizer
        self.database = database
        tools = RolesTools(audit: audit, directory: directory, ids: ids, clock: clock, authorizer: authorizer, log: log)
        assignments = RoleAssignments(tools: tools)
        ownership = Ownership(tools: tools)
        known = MemberCache(database: database, assignments: assignments)
    }

    package static let declaration = FeatureDeclaration(
        "roles", title: LocalizedText(en: "Roles", fr: "Rôles"), module: .core, migrations: rolesMigrations,
        auditActions: roleAuditActions)

    package var topics: [TopicRule] { [TopicRule("roles", requires: .rolesRead)] }

    /// The poll of the rights' version and the end of assignments that were for a time.
    package func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await authorizer.run() }
            group.addTask { try await ExpiryService(database: database, tools: tools).run() }
            try await group.waitForAll()
        }
    }

    /// Revokes what has expired by now, as the service does every half second.
    package func revokeExpired() async throws {
        while try await ExpiryService(database: database, tools: tools).revokeExpired() > 0 {}
    }

    package var routes: [Route] {
        [
            Route(.get, "/permissions", .signedIn, RoleShapes.permissionList, takesAnyKey: true) { try listPermissions($0) },
            Route(.get, "/roles", .may(.rolesRead), RoleShapes.list) { try await listRoles($0) },
            Route(.post, "/roles", .may(.rolesManage), RoleShapes.create, action: "role.create") { try await createRole($0) },
            Route(.get, "/permissions/{key}/holders", .may(.rolesRead), AssignmentShapes.holders) { try await listHolders($0) },
            Route(.post, "/roles/order", .may(.rolesManage), RoleShapes.order, action: "role.reorder") { try await orderRoles($0) },
            Route(.post, "/roles/preview", .may(.rolesManage), RoleShapes.preview) { try await previewRole($0) },
            Route(.get, "/roles/export", .may(.rolesRead), RoleShapes.export) { try await exportRoles($0) },
            Route(.get, "/roles/{id}", .may(.rolesRead), RoleShapes.read) { try await readRole($0) },
            Route(.patch, "/roles/{id}", .may(.rolesManage), RoleShapes.edit, action: "role.update") { try await editRole($0) },
            Route(.delete, "/roles/{id}", .may(.rolesManage), RoleShapes.delete, action: "role.delete") {
                try await deleteRole($0)
            },
            Route(.get, "/roles/{id}/history", .may(.rolesRead), RoleShapes.history) { try await roleHistory($0) },
            Route(.post, "/roles/{id}/rollback", .may(.rolesManage), RoleShapes.rollback, action: "role.rollback") {
                try await rollbackRole($0)
            },
            Route(.post, "/roles/{id}/restore", .may(.rolesManage), RoleShapes.restore, action: "role.restore") {
                try await restoreRole($0)
            },
            Route(.get, "/users/{id}/roles", .ownOr(.rolesRead), AssignmentShapes.read) { try await readAssignments($0) },
            Route(.post, "/users/{id}/roles", .may(.rolesAssign), AssignmentShapes.assign, action: "role.assign") {
                try await assignRoles($0)
            },
            Route(.post, "/users/{id}/roles/preview", .may(.rolesAssign), AssignmentShapes.preview) { try await previewAssignment($0) },
            Route(
                .delete, "/users/{id}/roles/{role_id}", .may(.rolesAssign), AssignmentShapes.revoke, action: "role.revoke"
            ) {
                try await revokeRole($0)
            },
            Route(.get, "/users/{id}/permissions", .ownOr(.rolesRead), AssignmentShapes.explain) { try await explainPermissions($0) },
            Route(.get, "/users/{id}/overrides", .ownOr(.rolesRead), AssignmentShapes.overrides) { try await listOverrides($0) },
            Route(.get, "/users/{id}/overrides/{permission}", .ownOr(.rolesRead), AssignmentShapes.readOverride) {
                try await readOverride($0)
            },
            Route(.put, "/users/{id}/overrides/{permission}", .may(.rolesOverride), AssignmentShapes.setOverride, action: "override.set") {
                try await setOverride($0)
            },
            Route(
                .delete, "/users/{id}/overrides/{permission}", .may(.rolesOverride), AssignmentShapes.clearOverride,
                action: "override.clear"
            ) {
                try await clearOverride($0)
            },
            Route(
                .get, "/users/{id}/overrides/{permission}/history", .ownOr(.rolesRead), AssignmentShapes.overrideHistory
            ) {
                try await overrideHistory($0)
            },
        ]
    }

    /// Runs one change of rights under the lock, with the permission asked again there; drops what memory holds of it before the answer goes out.
    func change(
        _ call: Call, requiring permission: Permission,
        _ body: @escaping @Sendable (RoleTransaction) throws -> (Reply, AuthorizationChange.Concerned)
    ) async throws -> Reply {
        try await call.mutate(database) { [tools] transaction in
            let locked = try RoleTransaction(tools, call.scope, in: transaction)
            try locked.require(permission)
            let (reply, concerned) = try body(locked)
            locked.changed(concerned)
            return reply
        }
    }
}

extension RolesFeature {
    /// The names of the roles by priority: a scope knows only the priority of its highest role. Of roles with the same priority, the oldest is named.
    package func namesByPriority(in transaction: Transaction) throws -> [Int: String] {
        let rows = try transaction.rows("SELECT priority, name FROM roles WHERE deleted_at IS NULL ORDER BY id")
        return Dictionary(rows.map { ($0.int(0), $0.text(1)) }) { first, _ in first }
    }
}
