using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.Grains.Resources;

/// <summary>What people decide about a resource's expiry: releasing the brake, placing and lifting a legal hold.</summary>
internal abstract partial class ResourceGrain
{
    public Task<ExpiryStanding> GetExpiryStanding(CancellationToken cancellation) =>
        Task.FromResult(new ExpiryStanding(State.Brake, State.Hold, Settings().Retention.LegalHold));

    public async Task<ExpiryStanding> ReleaseBrake(string who, string why, CancellationToken cancellation)
    {
        var decision = Decided(who, why);
        if (State.Brake is not { IsOn: true })
            throw new NotPossibleNowException("The brake of this resource is not on; there is nothing to release.");
        await _keeper.ChangeAsync(state => state with
        {
            Brake = state.Brake! with { Released = decision, ReleasedPoint = state.Points.IsEmpty ? state.Brake.Point : state.Points[^1].Sequence },
        });
        await PutCardAsync(cancellation);
        LogDecision(Log, "Release of the brake", Resource, who);
        await ReportAsync();
        return await GetExpiryStanding(cancellation);
    }

    public async Task<ExpiryStanding> PlaceLegalHold(string who, string why, CancellationToken cancellation)
    {
        var decision = Decided(who, why);
        if (State.Hold is not { Stands: true })
            await _keeper.ChangeAsync(state => state with { Hold = new LegalHoldRecord(decision, null) });
        await PutCardAsync(cancellation);
        LogDecision(Log, "Legal hold", Resource, who);
        await ReportAsync();
        return await GetExpiryStanding(cancellation);
    }

    public async Task<ExpiryStanding> LiftLegalHold(string who, string why, CancellationToken cancellation)
    {
        var decision = Decided(who, why);
        if (State.Hold is not { Stands: true })
            throw new NotPossibleNowException("No legal hold of this resource stands; a hold of the whole tenant is part of its settings.");
        await _keeper.ChangeAsync(state => state with { Hold = state.Hold! with { Lifted = decision } });
        await PutCardAsync(cancellation);
        LogDecision(Log, "End of the legal hold", Resource, who);
        await ReportAsync();
        return await GetExpiryStanding(cancellation);
    }

    private PersonsDecision Decided(string who, string why)
    {
        Settings();
        return Decision.Of(who, why, Now);
    }
}
