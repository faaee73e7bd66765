using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Ledger;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Access;

/// <summary>The certificates of the provider's app registration: made or taken over, handed to tenants, forgotten.</summary>
internal sealed class CertificateBookGrain(
    [PersistentState("certificate-book", StateStores.Default)] IPersistentState<CertificateBookState> storage, AppCertificates certificates, Ledgers ledgers) : Grain, ICertificateBookGrain
{
    private const int Most = 8;

    private readonly StateKeeper<CertificateBookState> _keeper = new(storage);

    private ImmutableArray<KeptCertificate> Known => _keeper.State.Certificates;

    public async Task<AppCertificate> Make(TimeSpan life, CancellationToken cancellation)
    {
        RequireRoom();
        return await AddAsync(await WithKeysAsync(() => certificates.MakeAsync(GrainKeys.Provider, life, cancellation)), cancellation);
    }

    public async Task<AppCertificate> Take(GivenCertificate given, CancellationToken cancellation)
    {
        var taken = await WithKeysAsync(() => certificates.TakeAsync(GrainKeys.Provider, given, cancellation));
        if (Known.FirstOrDefault(kept => kept.Id == taken.Id) is { } same)
            return AppCertificates.Listing(same, inUse: null);
        RequireRoom();
        return await AddAsync(taken, cancellation);
    }

    public Task<ImmutableArray<AppCertificate>> List(CancellationToken cancellation) => Task.FromResult(Known.Select(kept => AppCertificates.Listing(kept, inUse: null)).ToImmutableArray());

    public Task<KeptCertificate?> Find(string certificate, CancellationToken cancellation) => Task.FromResult(Known.FirstOrDefault(kept => kept.Id == certificate));

    public Task Remove(string certificate, CancellationToken cancellation) =>
        Known.Any(kept => kept.Id == certificate) ? KeepAsync(Known.RemoveAll(kept => kept.Id == certificate), cancellation) : Task.CompletedTask;

    public async Task<bool> RewrapKeys(CancellationToken cancellation)
    {
        var after = await Task.WhenAll(Known.Select(kept => WithKeysAsync(() => certificates.RewrapAsync(GrainKeys.Provider, kept, cancellation))));
        if (after.SequenceEqual(Known))
            return false;
        await KeepAsync([.. after], cancellation);
        return true;
    }

    public Task Recover(ImmutableArray<KeptCertificate> kept, CancellationToken cancellation) =>
        Known.IsEmpty ? _keeper.ChangeAsync(state => state with { Certificates = kept }) : Task.CompletedTask;

    private async Task<AppCertificate> AddAsync(KeptCertificate kept, CancellationToken cancellation)
    {
        await KeepAsync(Known.Add(kept), cancellation);
        return AppCertificates.Listing(kept, inUse: null);
    }

    /// <summary>Beside the backups first: somebody adds to a registration what outlives the database.</summary>
    private async Task KeepAsync(ImmutableArray<KeptCertificate> after, CancellationToken cancellation)
    {
        await ledgers.ReplaceAsync(LedgerNames.Certificates, LedgerJson.Write(new CertificateList(after)), cancellation);
        await _keeper.ChangeAsync(state => state with { Certificates = after });
    }

    private void RequireRoom()
    {
        if (Known.Length >= Most)
            throw new NotPossibleNowException($"There are {Most} certificates here; remove one that no tenant is to begin with any more.");
    }

    private static async Task<T> WithKeysAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (VaultException exception)
        {
            throw VaultAccess.Translate(exception);
        }
    }
}

/// <summary>Additive: a field, once written, keeps its meaning.</summary>
[GenerateSerializer, Immutable, Alias("certificate-book-state")]
internal sealed record CertificateBookState : StoredState
{
    /// <summary>Oldest first.</summary>
    [Id(0)] public ImmutableArray<KeptCertificate> Certificates { get; init; } = [];
}
