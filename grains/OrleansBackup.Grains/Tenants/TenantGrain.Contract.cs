using OrleansBackup.Domain.Contracts.Consequences;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Contracts;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.Grains.Tenants;

/// <summary>What a tenant does because of its contract. What that is, the contract's own grain decides.</summary>
internal sealed partial class TenantGrain
{
    public async Task<TenantSettings> FollowContract(ContractRule? rule, CancellationToken cancellation)
    {
        RequireOnboarded();
        var before = State.Contract;
        if (before != rule)
            await _keeper.ChangeAsync(state => state with { Contract = rule });
        if (before?.WaitingForSecond != rule?.WaitingForSecond)
            TellProviderIn(BetweenTellings);
        if (before?.RunsHalted is not null && rule?.RunsHalted is null)
            await WakeResourcesAsync(); // as many at once as the gate of each process lets in; who is turned away asks again
        return State.Settings;
    }

    public Task<TenantOverview> ChangeSettingsAsAgreed(TenantSettings settings, CancellationToken cancellation)
    {
        RequireOnboarded();
        RequireNotEnding();
        ValidateSettings(settings);
        return TakeSettingsAsync(settings, cancellation);
    }

    private void RequireNothingLost(TenantSettings settings)
    {
        if (State.Access is null)
            return;
        if (State.Contract is null)
        {
            // Without a contract there is nobody to tell; the hold still is what a court may have asked for.
            if (State.Settings.Retention.LegalHold && !settings.Retention.LegalHold)
                throw new NotPossibleNowException("A legal hold of the whole tenant stands. Two persons lift it, under /legal-hold/lifts.");
            return;
        }
        const string way = "This tenant has a contract: propose it under /contract/consequences, where the points that go are listed, the customer is told and a second person confirms.";
        if (RetentionChange.Shortens(State.Settings.Retention, settings.Retention))
            throw new NotPossibleNowException($"Restore points would expire earlier than now. {way}");
        if (ScopeChange.Narrows(State.Settings.Scope, settings.Scope))
            throw new NotPossibleNowException($"Something would leave the backup. {way}");
    }
}
