using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Checks;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Reports;
using OrleansBackup.Domain.Results;
using OrleansBackup.Domain.Scope;
using OrleansBackup.Domain.Storage;
using OrleansBackup.GrainInterfaces.Checks;
using OrleansBackup.GrainInterfaces.Contracts;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Restores;

namespace OrleansBackup.GrainInterfaces.Tenants;

/// <summary>One customer organisation: how to sign in to it, what of it is protected, and how that protection stands.</summary>
/// <remarks>Key: <see cref="GrainKeys.Of(TenantId)"/>. No call waits for a run.</remarks>
[Alias("tenant")]
public interface ITenantGrain : IGrainWithStringKey
{
    /// <summary>Takes the tenant into service: signs in, checks every permission live, makes its data key, and discovers what is there.</summary>
    /// <remarks>Safe to repeat: a second call replaces the credential and the settings and discovers again. Nothing is stored when it is refused.</remarks>
    /// <exception cref="InvalidRequestException">A setting makes no sense.</exception>
    /// <exception cref="TenantAccessRefusedException">Sign-in failed, or a permission that backup needs is missing; the message names it.</exception>
    [ResponseTimeout("00:10:00"), Alias("onboard")]
    Task<TenantOverview> Onboard(TenantOnboarding request, CancellationToken cancellation);

    /// <summary>Says which legal hold there is on anything of the tenant; null: none.</summary>
    [AlwaysInterleave, ResponseTimeout("00:02:00"), Alias("find-hold")]
    Task<string?> FindHold(CancellationToken cancellation);

    /// <summary>Signs in with a credential and asks Microsoft 365 which permissions the app has there: a look before <see cref="Onboard"/>. Stores nothing.</summary>
    /// <exception cref="InvalidRequestException">The credential makes no sense.</exception>
    /// <exception cref="TenantAccessRefusedException">Sign-in failed, or it leads to another tenant.</exception>
    [AlwaysInterleave, ResponseTimeout("00:02:00"), Alias("try-access")]
    Task<ImmutableArray<PermissionState>> TryAccess(string clientId, string clientSecret, CancellationToken cancellation);

    /// <summary>As <see cref="TryAccess"/>, with a certificate that the tenant has here.</summary>
    /// <exception cref="NotFoundException">It has no such certificate.</exception>
    [AlwaysInterleave, ResponseTimeout("00:02:00"), Alias("try-certificate")]
    Task<ImmutableArray<PermissionState>> TryCertificate(string clientId, string certificate, CancellationToken cancellation);

    /// <summary>Makes a key pair and a certificate for it, before or after the tenant is in service. The private key never leaves. Not used before <see cref="UseCertificate"/> or <see cref="Onboard"/>.</summary>
    /// <exception cref="InvalidRequestException">The life makes no sense, or the tenant has as many certificates as it may.</exception>
    [ResponseTimeout("00:01:00"), Alias("make-certificate")]
    Task<AppCertificate> MakeCertificate(TimeSpan life, CancellationToken cancellation);

    /// <summary>Takes a certificate over that was made elsewhere. One that is there already is answered as it stands.</summary>
    /// <exception cref="InvalidRequestException">It cannot be read, has no private key, or is not one to sign in with.</exception>
    [Alias("take-certificate")]
    Task<AppCertificate> TakeCertificate(GivenCertificate given, CancellationToken cancellation);

    /// <summary>Oldest first. Empty: it has none, or there is no such tenant.</summary>
    [AlwaysInterleave, Alias("list-certificates")]
    Task<ImmutableArray<AppCertificate>> ListCertificates(CancellationToken cancellation);

    /// <summary>Signs in with it for real; only if that works the tenant uses it from now on, and a secret is forgotten. The one before stays until it is removed.</summary>
    /// <param name="clientId">The app registration; null: as before.</param>
    /// <exception cref="NotFoundException">The tenant was never onboarded, or it has no such certificate.</exception>
    /// <exception cref="TenantAccessRefusedException">Microsoft refused it, or it leads to another tenant; everything is as before.</exception>
    [ResponseTimeout("00:02:00"), Alias("use-certificate")]
    Task<AppCertificate> UseCertificate(string certificate, string? clientId, CancellationToken cancellation);

    /// <summary>Forgets a certificate and its key. Safe to repeat.</summary>
    /// <exception cref="NotPossibleNowException">The tenant signs in with it.</exception>
    [Alias("remove-certificate")]
    Task RemoveCertificate(string certificate, CancellationToken cancellation);

    /// <exception cref="NotFoundException">The tenant was never onboarded.</exception>
    [AlwaysInterleave, Alias("get-overview")]
    Task<TenantOverview> GetOverview(CancellationToken cancellation);

    /// <summary>When the first backup of the whole tenant ends, and what that depends on. Up to a minute old.</summary>
    /// <exception cref="NotFoundException">The tenant was never onboarded.</exception>
    [AlwaysInterleave, Alias("get-forecast")]
    Task<TenantForecastReport> GetForecast(CancellationToken cancellation);

    /// <summary>Changes protection, retention or the window; takes effect at once on every resource.</summary>
    /// <exception cref="NotPossibleNowException">The tenant has a contract, and points would go earlier or something would leave the backup: propose it there.</exception>
    [ResponseTimeout("00:10:00"), Alias("change-settings")]
    Task<TenantOverview> ChangeSettings(TenantSettings settings, CancellationToken cancellation);

    /// <summary>What the contract means from now on; only the contract says so. While there is one, settings that let points go earlier or take something out of the scope are
    /// refused here and go through a proposal. Null: there is no contract any more. Safe to repeat.</summary>
    /// <returns>The present settings.</returns>
    [AlwaysInterleave, ResponseTimeout("00:10:00"), Alias("follow-contract")]
    Task<TenantSettings> FollowContract(ContractRule? rule, CancellationToken cancellation);

    /// <summary>As <see cref="ChangeSettings"/>, for what two persons agreed on after they had seen what goes, or for what lets nothing go.</summary>
    [ResponseTimeout("00:10:00"), Alias("change-settings-as-agreed")]
    Task<TenantOverview> ChangeSettingsAsAgreed(TenantSettings settings, CancellationToken cancellation);

    /// <summary>Changes where the tenant's backups may lie. The store that holds them now has to satisfy it; move the tenant first if it does not.</summary>
    /// <exception cref="InvalidRequestException">It makes no sense, or the store lies elsewhere, or nobody knows where.</exception>
    [Alias("change-storage")]
    Task<TenantOverview> ChangeStorage(StorageDemand demand, CancellationToken cancellation);

    /// <summary>Asks Microsoft 365 again which permissions the app has.</summary>
    [AlwaysInterleave, Alias("check-permissions")]
    Task<ImmutableArray<PermissionState>> CheckPermissions(CancellationToken cancellation);

    /// <summary>Looks for new, changed and vanished resources now. Answers when it is done.</summary>
    [ResponseTimeout("00:10:00"), Alias("discover")]
    Task<DiscoveryResult> Discover(CancellationToken cancellation);

    /// <summary>Every resource ever seen, protected or not, ordered by display name.</summary>
    /// <param name="after">The last id of the page before, or null.</param>
    [AlwaysInterleave, Alias("list-resources")]
    Task<ResourcePage> ListResources(string? after, int limit, CancellationToken cancellation);

    /// <summary>What its resources are due for, by the moment, the longest overdue first.</summary>
    /// <param name="after">The last place of the page before, or null.</param>
    [AlwaysInterleave, Alias("list-due")]
    Task<ImmutableArray<DueWork>> ListDue(DuePlace? after, int limit, CancellationToken cancellation);

    [AlwaysInterleave, Alias("get-resource")]
    Task<ResourceListing> GetResource(ResourceId resource, CancellationToken cancellation);

    /// <summary>Begins whatever is overdue: runs that are due or were interrupted, the weekly sweep of shared content, the daily care of released resources that still have points, a
    /// move or a destruction that an earlier process left. A tick is a hint and can be lost; the state says what is due.</summary>
    /// <remarks>Released resources are tended some hundreds at a time, the longest overdue first; the next sweep goes on.</remarks>
    /// <returns>How many runs were asked for.</returns>
    [ResponseTimeout("00:10:00"), Alias("sweep-overdue")]
    Task<int> SweepOverdue(CancellationToken cancellation);

    /// <summary>Sweeps the tenant's shared content now, beside whatever runs. Answers when it is done.</summary>
    /// <exception cref="VaultUnavailableException">Something that may name content cannot be read; nothing was deleted.</exception>
    [AlwaysInterleave, ResponseTimeout("01:00:00"), Alias("sweep-content")]
    Task<ContentSweepResult> SweepContent(CancellationToken cancellation);

    /// <summary>A resource that does not know its part of the tenant says how it stands; handed on to that part.</summary>
    [AlwaysInterleave, Alias("report-health")]
    Task ReportHealth(ResourceHealth health, CancellationToken cancellation);

    /// <summary>A part of the tenant counts otherwise than before. A hint: all parts are asked before the provider is told, once in a while.</summary>
    [AlwaysInterleave, Alias("counts-changed")]
    Task CountsChanged(CancellationToken cancellation);

    /// <summary>What the provider adds up. Null: there is no such tenant, or none any more.</summary>
    [AlwaysInterleave, Alias("get-standing")]
    Task<TenantStanding?> GetStanding(CancellationToken cancellation);

    /// <summary>How much was protected, and what changed, day by day, the oldest first.</summary>
    /// <exception cref="NotFoundException">The tenant was never onboarded.</exception>
    [AlwaysInterleave, Alias("get-measures")]
    Task<ImmutableArray<DayMeasure>> GetMeasures(CancellationToken cancellation);

    /// <summary>What the customer is called.</summary>
    /// <exception cref="NotFoundException">The tenant was never onboarded.</exception>
    [AlwaysInterleave, Alias("get-name")]
    Task<string> GetName(CancellationToken cancellation);

    /// <summary>What a run or a restore needs to reach Microsoft 365 for this tenant.</summary>
    [AlwaysInterleave, Alias("get-access")]
    Task<TenantAccess> GetAccess(CancellationToken cancellation);

    /// <summary>The name of the store that holds the tenant's backups.</summary>
    [AlwaysInterleave, Alias("get-store")]
    Task<string> GetStore(CancellationToken cancellation);

    /// <summary>As <see cref="GetStore"/>, with whether anything may be written now. Never refused: a tenant that has ended is paused for ever.</summary>
    [AlwaysInterleave, Alias("get-place")]
    Task<TenantPlace> GetPlace(CancellationToken cancellation);

    /// <summary>Begins again from what the vault says, when the database is lost: settings, credential, resources and their restore points. Safe to repeat; a tenant that is
    /// in service is left as it is.</summary>
    /// <exception cref="NotFoundException">The store has no card of it.</exception>
    /// <exception cref="VaultUnavailableException">The key at hand does not open it.</exception>
    [ResponseTimeout("01:00:00"), Alias("recover")]
    Task<TenantRecovery> Recover(string store, CancellationToken cancellation);

    /// <summary>Writes anew what the tenant keeps beside its backups to begin again without the database, now that something of it changed. Best effort: the next sweep writes it as well.</summary>
    [AlwaysInterleave, Alias("keep-card")]
    Task KeepCard(CancellationToken cancellation);

    /// <summary>Puts the tenant's key and its secret under the provider's present key. No data is rewritten. Safe to repeat.</summary>
    /// <returns>False: they were already.</returns>
    [ResponseTimeout("00:10:00"), Alias("rotate-key")]
    Task<bool> RotateKey(CancellationToken cancellation);

    /// <summary>Begins to move the tenant's backups to another store: copy, compare every byte, switch, erase at the old store. Goes on by itself, also after a crash.</summary>
    /// <remarks>Runs of the tenant wait until the switch; restores do not. A move that is open already to this store is answered as it is.</remarks>
    /// <exception cref="InvalidRequestException">There is no such store, or the tenant's backups must not lie there.</exception>
    /// <exception cref="NotPossibleNowException">Another move or a destruction is going on.</exception>
    [AlwaysInterleave, Alias("start-move")]
    Task<TenantMoveStatus> StartMove(string store, string who, string why, CancellationToken cancellation);

    /// <summary>Moves, newest first.</summary>
    [AlwaysInterleave, Alias("list-moves")]
    Task<ImmutableArray<TenantMoveStatus>> ListMoves(CancellationToken cancellation);

    /// <summary>Ends the tenant: its key is destroyed, its objects are deleted, what is known of it is forgotten, and a signed record of that is kept. Cannot be undone.</summary>
    /// <remarks>Goes on by itself, also after a crash. An order that is being carried out already is answered as it stands.</remarks>
    /// <exception cref="InvalidRequestException">The confirmation is not the demanded text, or who or why is missing.</exception>
    /// <exception cref="NotPossibleNowException">A legal hold of the tenant or of a resource stands, or a move is going on.</exception>
    [AlwaysInterleave, ResponseTimeout("00:10:00"), Alias("start-destruction")]
    Task<TenantDestructionStatus> StartDestruction(DestructionRequest request, CancellationToken cancellation);

    /// <exception cref="NotFoundException">Nobody has ordered one.</exception>
    [AlwaysInterleave, Alias("get-destruction")]
    Task<TenantDestructionStatus> GetDestruction(CancellationToken cancellation);

    /// <summary>The newest signed deletion record, as a .zip of record.json, record.sig, inventory.txt and provider.pem.</summary>
    /// <exception cref="NotFoundException">There is none.</exception>
    [AlwaysInterleave, Alias("read-deletion-record")]
    IAsyncEnumerable<ReadOnlyMemory<byte>> ReadDeletionRecord(CancellationToken cancellation);

    /// <summary>Checks a restore request as a whole and starts its job; nothing is started when it is refused.</summary>
    /// <exception cref="NotPossibleNowException">The plan has restores done only at the request of an authorised contact, and this carries out none: refused and audited.</exception>
    [AlwaysInterleave, Alias("start-restore")]
    Task<RestoreJobId> StartRestore(RestoreRequest request, CancellationToken cancellation);

    /// <summary>Jobs, newest first.</summary>
    [AlwaysInterleave, Alias("list-restores")]
    Task<ImmutableArray<RestoreJobId>> ListRestores(CancellationToken cancellation);

    /// <summary>What of its resources had no good backup at some daily moment of this time, and what its backup can do now.</summary>
    [AlwaysInterleave, Alias("check")]
    Task<TenantFindings> Check(CheckSpan span, SeverityRules rules, CancellationToken cancellation);

    /// <summary>Times of protection that are over, of those resources that had any.</summary>
    [AlwaysInterleave, Alias("list-spans")]
    Task<ImmutableArray<ResourceSpans>> ListSpans(CancellationToken cancellation);

    /// <summary>Months of which reports were made, newest first.</summary>
    [AlwaysInterleave, Alias("list-reports")]
    Task<ImmutableArray<CalendarMonth>> ListReports(CancellationToken cancellation);
}
