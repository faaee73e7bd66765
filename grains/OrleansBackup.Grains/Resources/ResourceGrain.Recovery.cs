using System.Security.Cryptography;
using System.Text;
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
            return State.Points.Count;
        var points = await PointsInVaultAsync(recovery.Settings, cancellation);
        var erased = await ErasedInVaultAsync(cancellation);
        await _keeper.ChangeAsync(state => state with
        {
            HasErased = erased, Settings = recovery.Settings, Protected = recovery.Protected, Problem = recovery.Protected ? null : recovery.Reason, Hold = recovery.Hold, Brake = recovery.Brake,
            Points = [.. points], LastGoodStart = points.IsEmpty ? null : points[^1].StartedAt,
        });
        await RegisterDailyAsync();
        return points.Length;
    }

    private async Task<bool> ErasedInVaultAsync(CancellationToken cancellation)
    {
        try
        {
            return (await services.Vault.ReadErasedAsync(Resource, cancellation)).Count > 0;
        }
        catch (VaultException exception)
        {
            throw VaultAccess.Translate(exception);
        }
    }

    // Of the card that this activation has put; goes into the state with the next change that is written anyway.
    private string? _card;

    /// <summary>Best effort: what could not be written now is written after the next run.</summary>
    private async Task PutCardAsync(CancellationToken cancellation)
    {
        var card = CardNow();
        try
        {
            if (await PausedAsync(cancellation) is not null)
                return;
            await services.Vault.PutCardAsync(Resource, card, cancellation);
            _card = HashOf(card);
        }
        catch (Exception exception) when (exception is VaultException or IOException)
        {
            LogCardNotWritten(Log, Resource, exception);
        }
    }

    private bool IsCardChanged() => (_card ?? State.Card) != HashOf(CardNow());

    private string CardNow()
    {
        var (state, settings) = (State, Settings());
        return ServiceCards.Write(new ResourceCard(Resource.ObjectId, settings.DisplayName, settings.Address, state.Protected, state.Protected ? null : state.Problem, settings.Retention,
            settings.Window, settings.HiddenFolders, state.Hold, state.Brake));
    }

    private static string HashOf(string card) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(card)));
}
