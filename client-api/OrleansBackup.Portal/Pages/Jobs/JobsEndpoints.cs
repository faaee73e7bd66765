using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Operations;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Pages.Jobs;

/// <summary>The work that is under way in all processes, and what waits for a place.</summary>
internal static class JobsEndpoints
{
    private const int MostAsked = 25, MostWaiting = 50;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static void MapJobPages(this IEndpointRouteBuilder portal)
    {
        portal.MapPage("/jobs", Show).Needs(Permission.SeeEstate);
        portal.MapPost("/tenants/{tenant}/resources/{resource}/runs/stop", Stop).Needs(Permission.OperateBackups).Audited(AuditActs.CancelRun);
        portal.MapGet("/tenants/{tenant}/resources/{resource}/runs/{run}/live", Watch).Needs(Permission.SeeTenant);
    }

    private static async Task<IResult> Show(IGrainFactory grains, CancellationToken cancellation, string? done = null)
    {
        var names = (await grains.Provider().ListTenants(cancellation)).ToDictionary(tenant => tenant.Tenant, tenant => tenant.Name);
        var processes = (await grains.GetGrain<IProcessBoardGrain>(GrainKeys.ProcessBoard).Read(cancellation)).Where(process => process.SilentFor is null).ToList();
        var running = processes.SelectMany(process => process.Snapshot.Admission.Running).OrderBy(run => run.Since).ToList();
        var statuses = await Task.WhenAll(running.Take(MostAsked).Select(run => StatusAsync(grains, run.Resource, cancellation)));
        ImmutableArray<JobLine> lines = [.. running.Take(MostAsked).Zip(statuses, (run, status) => new JobLine(run, names.GetValueOrDefault(run.Resource.Tenant, ""), status))];
        var waiting = processes.SelectMany(process => process.Snapshot.Admission.Waiting).OrderBy(run => run.Since).Take(MostWaiting).Select(run => new JobLine(run, names.GetValueOrDefault(run.Resource.Tenant, ""), null));
        return PageResults.Show<JobsPage, JobsModel>(new JobsModel(
            lines, running.Count, [.. waiting], processes.Sum(process => process.Snapshot.Admission.WaitingInAll), processes.Sum(process => process.Snapshot.Admission.Limit), processes.Count,
            await JobAsync(() => grains.Provider().GetKeyRotation(cancellation)), await JobAsync(() => grains.Provider().GetRecovery(cancellation)), done == "stop"));
    }

    private static async Task<IResult> Stop(string tenant, string resource, IGrainFactory grains, CancellationToken cancellation)
    {
        await grains.Resource(AddressParts.Resource(tenant, resource)).CancelRun(cancellation); // one that ended meanwhile is stopped too
        return PageResults.SeeOther("/jobs?done=stop");
    }

    private static Task Watch(string tenant, string resource, string run, HttpContext context, IGrainFactory grains, PortalRequest portal) => ProgressEvents.StreamAsync(
        context, grains.Resource(AddressParts.Resource(tenant, resource)).WatchRun(AddressParts.Run(run), context.RequestAborted), progress => JobWriting.NewsOf(progress, portal));

    // One that does not answer must not take the page from whoever looks for the reason.
    private static async Task<ResourceStatus?> StatusAsync(IGrainFactory grains, ResourceId resource, CancellationToken cancellation)
    {
        try
        {
            return await grains.Resource(resource).GetStatus(cancellation).WaitAsync(Patience, cancellation);
        }
        catch (Exception error) when (error is ServiceException or TimeoutException or Orleans.Runtime.OrleansException)
        {
            return null;
        }
    }

    private static async Task<ProviderJobStatus?> JobAsync(Func<Task<ProviderJobStatus>> ask)
    {
        try
        {
            return await ask();
        }
        catch (NotFoundException)
        {
            return null;
        }
    }
}

/// <summary>How far a run has come, in the reader's words.</summary>
internal static class JobWriting
{
    public static ProgressEvents.News NewsOf(RunProgress run, PortalRequest portal)
    {
        var (done, write) = (run.Counts.Added + run.Counts.Changed + run.Counts.PropertiesChanged, portal.Write);
        var text = run.Outcome != RunOutcome.Running ? portal.Texts[$"jobs.outcome-{run.Outcome}"]
            : run.ItemsExpected > 0 ? portal.Texts.Filled("jobs.progress-of", write.Number(done), write.Number(run.ItemsExpected), write.Bytes(run.Counts.DownloadedBytes))
            : portal.Texts.Filled("jobs.progress", write.Number(done), write.Bytes(run.Counts.DownloadedBytes));
        return new(done, run.ItemsExpected, text);
    }
}

/// <param name="Running">The longest under way first; the first of <paramref name="RunningInAll"/>.</param>
/// <param name="Places">How many runs all processes take at once.</param>
/// <param name="Rotation">The newest rotation of the provider's key, if there ever was one.</param>
public sealed record JobsModel(
    ImmutableArray<JobLine> Running, int RunningInAll, ImmutableArray<JobLine> Waiting, int WaitingInAll, int Places, int Processes, ProviderJobStatus? Rotation, ProviderJobStatus? Recovery, bool IsStopped);

/// <param name="Status">Null: it did not answer, or was not asked.</param>
public sealed record JobLine(AdmittedRun Run, string TenantName, ResourceStatus? Status);
