using System.Collections.Immutable;
using OrleansBackup.Domain.Audit;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Audit;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Access;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Resources;

/// <summary>How a person's items leave a resource's restore points. How that is done to sealed points is the vault's; here stand who ordered it, what refuses it, and what waits.</summary>
/// <remarks>The order is written down first: until it is carried out no run begins, also in the next process, because the vault's newest state may be that of an old day.</remarks>
internal abstract partial class ResourceGrain
{
    private Task<ErasureOutcome>? _erasing;

    public async Task<ErasureOutcome> Erase(ErasureOrder order, CancellationToken cancellation)
    {
        var settings = Settings();
        if (State.Erasure is { } open && open.Id != order.Id)
            throw new NotPossibleNowException("Another erasure of this resource is being carried out; order this one once it has ended.");
        if (order.ItemIds.Length > ErasureOrder.MostItems || (!order.Everything && order.ItemIds.IsEmpty))
            throw new InvalidRequestException("itemIds", $"Name from 1 to {ErasureOrder.MostItems} items, or everything.");
        if (settings.Retention.LegalHold || State.Hold is { Stands: true })
            throw new NotPossibleNowException("A legal hold forbids it: lift it first, if whoever ordered it agrees.");
        if (order.Everything && State.Protected)
            throw new NotPossibleNowException("It is protected: the next run would bring back everything that Microsoft 365 still has. Take it out of the scope first.");
        if (State.Erasure is null)
            await RequireNotPausedAsync(cancellation);
        if (!order.Everything)
            await RequireItemsAsync(order.ItemIds, cancellation);
        await _keeper.ChangeAsync(state => state with { Erasure = order });
        return await (_erasing is { IsCompleted: false } going ? going : _erasing = EraseAsync(order));
    }

    /// <summary>Goes on with what an earlier process left.</summary>
    private void GoOnErasing()
    {
        if (State.Erasure is { } order && _erasing is null or { IsCompleted: true })
            _erasing = EraseAsync(order!);
    }

    private async Task<ErasureOutcome> EraseAsync(ErasureOrder order)
    {
        // Give the caller its turn back, yet go on under the grain's scheduler: state has one thread.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.ContinueOnCapturedContext);
        var cancellation = _leaving.Token;
        try
        {
            await Quiesce(cancellation);
            var vault = await services.Vault.OpenAsync(Resource, cancellation);
            var held = State.Points.Count;
            ErasureOutcome outcome;
            if (order.Everything)
            {
                await vault.DeleteAllAsync(cancellation);
                outcome = new ErasureOutcome(order.Id, 0, held, Now);
            }
            else
            {
                // First, so that no crash leaves something erased that the next run brings back.
                await services.Vault.EnterErasedAsync(Resource, order.Id, order.ItemIds, cancellation);
                await _keeper.ChangeAsync(state => state with { HasErased = true });
                // Reads and writes whole item tables; would block every other call to this grain. Touches no grain state.
                var erased = await Task.Run(() => vault.EraseAsync(order.Id, order.ItemIds.ToHashSet(StringComparer.Ordinal), cancellation), cancellation);
                outcome = new ErasureOutcome(order.Id, erased.Items, erased.Points.Length, Now + vault.GracePeriod);
            }
            var points = await PointsInVaultAsync(Settings(), cancellation);
            var mark = points.IsEmpty ? null : (await vault.ReadMarkAsync(cancellation)).ToString();
            await GrainFactory.Audit(Resource.Tenant).NoteAsync(AuditActs.Service, AuditActs.Erased, $"resources/{Resource.LocalName}", cancellation,
                ("erasure", order.Id.ToString("D")), ("items", order.Everything ? "everything" : $"{outcome.Items}"), ("points", $"{outcome.Points}"), ("goneAfter", $"{outcome.GoneAfter:u}"));
            await _keeper.ChangeAsync(state => state with { Erasure = null, Points = [.. points], Mark = mark, LookedThroughAt = null });
            await ReportAsync();
            return outcome;
        }
        catch (VaultException exception)
        {
            if (!exception.IsTransient) // nothing was removed: runs go on, and the caller is told
                await _keeper.ChangeAsync(state => state with { Erasure = null });
            throw VaultAccess.Translate(exception);
        }
    }

    /// <summary>Containers stay: what lies in them would hang in the air.</summary>
    private async Task RequireItemsAsync(ImmutableArray<string> ids, CancellationToken cancellation)
    {
        try
        {
            var vault = await services.Vault.OpenAsync(Resource, cancellation);
            foreach (var sealedPoint in await vault.ListPointsAsync(cancellation))
            {
                await using var point = await vault.OpenPointAsync(sealedPoint.Sequence, cancellation);
                foreach (var id in ids)
                    if (await point.FindAsync(id, cancellation) is { } item && !ItemKinds.IsItem(item.Kind) && item.Kind != ItemKinds.Debt)
                        throw new InvalidRequestException("itemIds", $"'{id}' is a {item.Kind}: name the items in it, not the {item.Kind}.");
            }
        }
        catch (VaultException exception)
        {
            throw VaultAccess.Translate(exception);
        }
    }
}
