using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.Domain.Access;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Access;

namespace OrleansBackup.Grains.Access;

/// <summary>The life of the installation's API keys: made, used, rotated, revoked or expired. A key that has ended stays in the list, so that its name keeps its meaning in the books.</summary>
internal sealed class AccessKeyBookGrain(
    [PersistentState("access-keys", StateStores.Default)] IPersistentState<AccessKeyBookState> storage, TimeProvider time) : Grain, IAccessKeyBookGrain
{
    /// <summary>Far more than an installation has programs that call it; the whole book is one state.</summary>
    private const int MostKeys = 1_000;

    /// <summary>So that a program that calls all day costs a write now and then only.</summary>
    private static readonly TimeSpan UseIsKnownTo = TimeSpan.FromMinutes(10);

    private readonly StateKeeper<AccessKeyBookState> _keeper = new(storage);

    private DateTimeOffset Now => time.GetUtcNow();

    public async Task<AccessKey> Create(AccessKeyOrder order, AccessSecret secret, CancellationToken cancellation)
    {
        if (KeyRules.Problem(order.Name, order.Roles, order.Tenants, order.Life) is var (field, problem))
            throw new InvalidRequestException(field, problem);
        var now = Now;
        var key = new AccessKey(Guid.CreateVersion7(now), order.Name, order.Roles, order.Tenants, order.Life, order.By, now, now + order.Life, null, null, null, null, null);
        await _keeper.ChangeAsync(state =>
        {
            if (state.Keys.Any(one => one.Key.Name == order.Name))
                throw new InvalidRequestException("name", $"A key has been called '{order.Name}' already; names stand in the audit book and are given once.");
            return state.Keys.Length < MostKeys ? state with { Keys = state.Keys.Add(new KeptKey(key, [secret])) }
                : throw new NotPossibleNowException($"There are {MostKeys} keys, ended ones among them; no more are kept.");
        });
        return key;
    }

    public async Task<AccessKey> Rotate(Guid key, AccessSecret secret, TimeSpan grace, CancellationToken cancellation)
    {
        if (KeyRules.ProblemOfGrace(grace) is var (field, problem))
            throw new InvalidRequestException(field, problem);
        var now = Now;
        return await ChangeAsync(key, kept =>
        {
            if (!kept.Key.IsLive(now))
                throw new NotPossibleNowException("The key was revoked or has expired; make another.");
            // No longer than the secret itself would have lived: a grace prolongs nothing.
            DateTimeOffset? until = grace > TimeSpan.Zero ? Earlier(now + grace, kept.Key.ExpiresAt) : null;
            return new KeptKey(
                kept.Key with { RotatedAt = now, ExpiresAt = now + kept.Key.Life, FormerUntil = until }, until is null ? [secret] : [secret, kept.Secrets[0]]);
        });
    }

    public Task<AccessKey> Revoke(Guid key, string by, CancellationToken cancellation) => ChangeAsync(key, kept =>
        kept.Key.RevokedAt is not null ? kept : new KeptKey(kept.Key with { RevokedAt = Now, RevokedBy = by, FormerUntil = null }, []));

    public Task<ImmutableArray<AccessKey>> List(CancellationToken cancellation) =>
        Task.FromResult<ImmutableArray<AccessKey>>([.. _keeper.State.Keys.Select(kept => kept.Key).OrderBy(key => key.Name, StringComparer.Ordinal)]);

    public async Task<AccessKeyHolder?> Find(string hash, CancellationToken cancellation)
    {
        var now = Now;
        foreach (var kept in _keeper.State.Keys)
        {
            for (var at = 0; at < kept.Secrets.Length; at++)
            {
                if (kept.Secrets[at].Hash != hash)
                    continue;
                if (!kept.Key.IsLive(now) || (at > 0 && !(now < kept.Key.FormerUntil)))
                    return null;
                if (!(now - kept.Key.LastUsedAt < UseIsKnownTo))
                    await ChangeAsync(kept.Key.Id, one => one with { Key = one.Key with { LastUsedAt = now } });
                return new AccessKeyHolder(kept.Key, kept.Secrets[at].Person);
            }
        }
        return null;
    }

    private async Task<AccessKey> ChangeAsync(Guid key, Func<KeptKey, KeptKey> change)
    {
        KeptKey? changed = null;
        await _keeper.ChangeAsync(state =>
        {
            var before = state.Keys.FirstOrDefault(kept => kept.Key.Id == key) ?? throw new NotFoundException("There is no such API key.");
            return state with { Keys = state.Keys.Replace(before, changed = change(before)) };
        });
        return changed!.Key;
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
