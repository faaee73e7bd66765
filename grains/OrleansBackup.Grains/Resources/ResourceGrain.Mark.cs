using System.Collections.Immutable;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Access;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Resources;

/// <summary>What a resource remembers of how far its vault had come, and how somebody lets it go on from less.</summary>
/// <remarks>A store that was put back from an old copy is whole in itself. Only this memory shows it; a run that went on all the same would ask
/// Microsoft 365 for less than is missing, and a prune would go by records that are out of date.</remarks>
internal abstract partial class ResourceGrain
{
    public async Task<VaultAcceptance> AcceptVault(string who, string why, CancellationToken cancellation)
    {
        var (decision, settings) = (Decided(who, why), Settings());
        await LastRunWrittenAsync();
        if (Running)
            throw new NotPossibleNowException("A run is going. Cancel it, or wait for its end, before the stored state is accepted.");
        try
        {
            var vault = await services.Vault.OpenAsync(Resource, cancellation);
            // Seconds of decrypting where everything is in order, more where it is not; would block every other call. Touches no grain state.
            var (wasSetBack, _) = await Task.Run(() => vault.SetBackAsync(cancellation), cancellation);
            var points = (await vault.ListPointsAsync(cancellation)).Select(point => Summarise(point, settings)).ToImmutableArray();
            var mark = await vault.ReadMarkAsync(cancellation);
            var acceptance = new VaultAcceptance(decision, wasSetBack, points.IsEmpty ? null : points[^1].Sequence);
            await _keeper.ChangeAsync(state => state with
            {
                Mark = mark.ToString(),
                Accepted = acceptance,
                Points = [.. points],
                LastGoodStart = points.IsEmpty ? null : points[^1].StartedAt,
                LastComparedAt = null, // the next run compares with a listing: whatever is missing is found
            });
            LogDecision(Log, "Acceptance of the stored state", Resource, who);
            return acceptance;
        }
        catch (VaultException exception)
        {
            throw VaultAccess.Translate(exception);
        }
    }

    private VaultMark? Remembered => State.Mark is { } mark ? VaultMark.Parse(mark) : null;

    /// <exception cref="VaultRolledBackException">The store holds less than this resource remembers.</exception>
    private Task EnsureNotRolledBackAsync(ResourceVault vault, CancellationToken cancellation) =>
        Remembered is { } mark ? vault.EnsureNotRolledBackAsync(mark, cancellation) : Task.CompletedTask;
}
