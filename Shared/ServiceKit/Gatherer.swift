import Domain
import Ledger
import Postgres
import Synchronization

/// A mutation that many ask for at once. Those who wait are done together, in one transaction.
public protocol GatheredMethod<Service>: Method {
    /// Does what can be done for all of them with the same few statements.
    ///
    /// - Parameter items: the params; those of `work.requests` at the same place.
    /// - Returns: for each item what became of it.
    /// - Throws: what undoes all; each is then done by itself.
    static func handle(_ items: [Params], together work: GroupWork, of service: Service) throws -> [Gathered]
}

/// What became of one of several calls that were made together.
public enum Gathered: Sendable {
    /// The result's JSON.
    case done([UInt8])
    /// Nothing was written of it; it is to be handled by itself.
    case alone
}

/// Collects the calls of one method while others of it are being committed. There is no timer: a group is what has arrived
/// meanwhile, and a call that finds nobody at work goes at once.
final class Gatherer<M: GatheredMethod>: Sendable {
    private struct Call: Sendable {
        let params: M.Params
        let request: WorkRequest
        let answer: CheckedContinuation<Gathered, any Error>
    }

    private struct State {
        var waiting: [Call] = []
        var groupsAtWork = 0
    }

    /// Two, so that one is put together while the other waits for the disk.
    private static var groupsMax: Int { 2 }
    private static var callsMax: Int { 128 }
    private let service: M.Service
    private let state = Mutex(State())

    init(service: M.Service) { self.service = service }

    /// - Throws: what left the call without an effect; `.outcomeUnknown` otherwise.
    func call(_ params: M.Params, _ request: WorkRequest, in ledger: Ledger) async throws -> Gathered {
        try await withCheckedThrowingContinuation { continuation in
            let isFree = state.withLock { state in
                state.waiting.append(Call(params: params, request: request, answer: continuation))
                guard state.groupsAtWork < Self.groupsMax else { return false }
                state.groupsAtWork += 1
                return true
            }
            if isFree { Task { await work(in: ledger) } }
        }
    }

    private func work(in ledger: Ledger) async {
        while let group = nextGroup() {
            let inTime = group.filter { call in
                guard let refusal = call.request.patience.refusal(at: .now) else { return true }
                call.answer.resume(throwing: refusal)
                return false
            }
            if !inTime.isEmpty { await perform(inTime, in: ledger) }
        }
    }

    private func nextGroup() -> [Call]? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.groupsAtWork -= 1
                return nil
            }
            let group = Array(state.waiting.prefix(Self.callsMax))
            state.waiting.removeFirst(group.count)
            return group
        }
    }

    private func perform(_ group: [Call], in ledger: Ledger) async {
        let (params, service) = (group.map(\.params), service)
        let patience = Patience.longest(group.map(\.request.patience))
        do {
            let done = try await ledger.changeTogether(group.map(\.request), patience: patience) { work in
                try M.handle(params, together: work, of: service)
            }
            for (call, result) in zip(group, done) { call.answer.resume(returning: result) }
        } catch {
            for call in group {
                if Self.mayBeDoneAlone(call, after: error) {
                    call.answer.resume(returning: .alone)
                } else {
                    call.answer.resume(throwing: error)
                }
            }
        }
    }

    /// Whether a group failed by what was in it, and not by what would befall each of its calls too. Where nobody knows
    /// whether the group was committed, a call's key tells.
    private static func mayBeDoneAlone(_ call: Call, after error: any Error) -> Bool {
        guard let error = error as? PostgresError else { return true }
        switch error.code {
        case .outcomeUnknown: return call.request.key != nil
        case .connectionLost, .connectionRefused, .readOnly, .adminShutdown, .outOfResources, .busy, .deadline,
            .closed, .notDurable:
            return false
        case .notCommitted, .serializationFailure, .lockTimeout, .statementTimeout, .uniqueViolation,
            .foreignKeyViolation, .checkViolation, .notNullViolation, .nulCharacter, .decoding, .other:
            return true
        }
    }
}
