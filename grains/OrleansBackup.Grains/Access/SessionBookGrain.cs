using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Access;

namespace OrleansBackup.Grains.Access;

/// <summary>The life of browsers' sessions: begun, asked for at each call, ended or expired.</summary>
internal sealed class SessionBookGrain(
    [PersistentState("sessions", StateStores.Default)] IPersistentState<SessionBookState> storage, TimeProvider time) : Grain, ISessionBookGrain
{
    /// <summary>The whole book is one state, and more browsers than this have no business here at once; the one that expires first has to sign in again.</summary>
    private const int MostSessions = 2_000;

    private readonly StateKeeper<SessionBookState> _keeper = new(storage);

    public Task Begin(string hash, BrowserSession session, CancellationToken cancellation) => session.KeyHash is null == session.Account is null
        ? throw new InvalidRequestException("session", "A session is that of a key or of an account.")
        : _keeper.ChangeAsync(state =>
        {
            var live = state.Sessions.Where(one => time.GetUtcNow() < one.Value.ExpiresAt).OrderByDescending(one => one.Value.ExpiresAt).Take(MostSessions - 1);
            return state with { Sessions = live.Append(new(hash, session)).ToImmutableDictionary() };
        });

    public Task<BrowserSession?> Find(string hash, CancellationToken cancellation) =>
        Task.FromResult(_keeper.State.Sessions.TryGetValue(hash, out var session) && time.GetUtcNow() < session.ExpiresAt ? session : null);

    public Task End(string hash, CancellationToken cancellation) => _keeper.State.Sessions.ContainsKey(hash)
        ? _keeper.ChangeAsync(state => state with { Sessions = state.Sessions.Remove(hash) })
        : Task.CompletedTask;
}
