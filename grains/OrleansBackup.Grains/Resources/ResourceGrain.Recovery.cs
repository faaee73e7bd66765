using OrleansBackup.Grains.Access;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Recovery;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Resources;

/// <summary>What a resource keeps beside its backups so that it can begin again without the database, and how it does.</summary>
internal abstract partial class ResourceGrain
{
    public async Task<int> Recover(ResourceRecovery recovery, CancellationToken cancellation)
    {
        if (State.Settings is not null)
            return State.Points.Length;
        var points = await PointsInVaultAsync(recovery.Settings, cancellation);
        await _keeper.ChangeAsync(state => state with
        {
            Settings = recovery.Settings, Protected = recovery.Protected, Problem = recovery.Protected ? null : recovery.Reason, Hold = recovery.Hold, Brake = recovery.Brake,
            Points = points, LastGoodStart = points.IsEmpty ? null : points[^1].StartedAt,
        });
        await RegisterDailyAsync();
        return points.Length;
    }

    /// <summary>Best effort: what could not be written now is written after the next run.</summary>
    private async Task PutCardAsync(CancellationToken cancellation)
    {
        var (state, settings) = (State, Settings());
        var card = new ResourceCard(Resource.ObjectId, settings.DisplayName, settings.Address, state.Protected, state.Protected ? null : state.Problem, settings.Retention, settings.Window,
            settings.HiddenFolders, state.Hold, state.Brake);
        try
        {
            if (await PausedAsync(cancellation) is null)
                await services.Vault.PutCardAsync(Resource, ServiceCards.Write(card), cancellation);
        }
        catch (Exception exception) when (exception is VaultException or IOException)
        {
            LogCardNotWritten(Log, Resource, exception);
        }
    }
}
