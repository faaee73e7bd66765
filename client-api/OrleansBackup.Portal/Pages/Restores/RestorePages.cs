using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Points;
using OrleansBackup.ClientApi.Requests;
using OrleansBackup.ClientApi.Restores;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Restores;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Pages.Restores;

/// <summary>From a selection to a finished restore: what, where to, what would come back, and then the job. Who may not restore himself asks for it instead.</summary>
internal static class RestorePages
{
    private const string Address = "/tenants/{tenant}/restores";
    private const int JobsShown = 25, RequestsShown = 25, NamesShown = 8, ResourcesAtOnce = 1_000;

    public static void MapRestorePages(this IEndpointRouteBuilder portal)
    {
        portal.MapPage(Address, List).Needs(Permission.SeeTenant);
        portal.MapPage($"{Address}/new", Choose).Needs(Permission.RequestRestore);
        portal.MapPost($"{Address}/new", Choose).Needs(Permission.RequestRestore);
        portal.MapPost($"{Address}/preview", Preview).Needs(Permission.Restore).Audited(AuditActs.PreviewRestore, withBody: true);
        portal.MapPost($"{Address}/start", Start).Needs(Permission.Restore).Audited(AuditActs.StartRestore, withBody: true);
        portal.MapPost($"{Address}/ask", Ask).Needs(Permission.RequestRestore).Audited(AuditActs.RequestRestore, withBody: true);
        portal.MapPage($"{Address}/{{job}}", ShowJob).Needs(Permission.SeeTenant);
        portal.MapGet($"{Address}/{{job}}/live", Watch).Needs(Permission.SeeTenant);
        portal.MapPost($"{Address}/{{job}}/cancel", Cancel).Needs(Permission.Restore).Audited(AuditActs.CancelRestore);
    }

    private static async Task<IResult> List(string tenant, IGrainFactory grains, CancellationToken cancellation)
    {
        var id = AddressParts.Tenant(tenant);
        var name = await grains.Tenant(id).GetName(cancellation);
        var (jobs, requests) = (await grains.Tenant(id).ListRestores(cancellation), await grains.RestoreRequests(id).List(RequestsShown, cancellation));
        var statuses = await Task.WhenAll(jobs.Take(JobsShown).Select(job => StatusAsync(grains.Restore(id, job), cancellation)));
        var names = jobs.IsEmpty ? new Dictionary<ResourceId, string>() : (await grains.Tenant(id).ListResources(null, ResourcesAtOnce, cancellation)).Resources.ToDictionary(one => one.Resource, one => one.DisplayName);
        return PageResults.Show<RestoresPage, RestoresModel>(new RestoresModel(id, name, [.. statuses.OfType<RestoreStatus>()], jobs.Length, requests, names));
    }

    private static Task<IResult> Choose(string tenant, RestoreForm form, IGrainFactory grains, PortalRequest portal, CancellationToken cancellation) =>
        ShowAsync(tenant, form with { Input = WithDefaults(form.Input, portal) }, null, null, grains, portal, cancellation);

    private static async Task<IResult> Preview(string tenant, RestoreForm form, ClaimsPrincipal caller, IGrainFactory grains, PortalRequest portal, CancellationToken cancellation)
    {
        var (checkedForm, target) = await WithTargetAsync(AddressParts.Tenant(tenant), form, grains, portal, cancellation);
        if (checkedForm.Input.HasProblems)
            return await ShowAsync(tenant, checkedForm, null, null, grains, portal, cancellation);
        try
        {
            var request = await RestoreEndpoints.ReadAsync(AddressParts.Tenant(tenant), form.Body(target), caller, grains, cancellation);
            return await ShowAsync(tenant, form, await grains.Point(request.Point).PreviewRestore(request, cancellation), null, grains, portal, cancellation);
        }
        catch (Exception refused) when (Refusals.TextOf(refused) is not null)
        {
            return await ShowAsync(tenant, form, null, Refusals.TextOf(refused), grains, portal, cancellation);
        }
    }

    private static async Task<IResult> Start(string tenant, RestoreForm form, ClaimsPrincipal caller, IGrainFactory grains, PortalRequest portal, CancellationToken cancellation)
    {
        var id = AddressParts.Tenant(tenant);
        var (checkedForm, target) = await WithTargetAsync(id, form, grains, portal, cancellation);
        if (checkedForm.Input.HasProblems)
            return await ShowAsync(tenant, checkedForm, null, null, grains, portal, cancellation);
        try
        {
            var job = await grains.Tenant(id).StartRestore(await RestoreEndpoints.ReadAsync(id, form.Body(target), caller, grains, cancellation), cancellation);
            return PageResults.SeeOther(RestoreAddresses.Job(id, job));
        }
        catch (Exception refused) when (Refusals.TextOf(refused) is not null)
        {
            return await ShowAsync(tenant, form, null, Refusals.TextOf(refused), grains, portal, cancellation);
        }
    }

    private static async Task<IResult> Ask(string tenant, RestoreForm form, ClaimsPrincipal caller, IGrainFactory grains, PortalRequest portal, CancellationToken cancellation)
    {
        var (id, input) = (AddressParts.Tenant(tenant), form.Input);
        if (input["text"].Length == 0)
            input = input.WithProblem("text", portal.Texts["restore.text-problem"]);
        if (input["asked-by"].Length == 0)
            input = input.WithProblem("asked-by", portal.Texts["restore.asked-by-problem"]);
        var (checkedForm, target) = await WithTargetAsync(id, form with { Input = input }, grains, portal, cancellation);
        if (checkedForm.Input.HasProblems)
            return await ShowAsync(tenant, checkedForm, null, null, grains, portal, cancellation);
        try
        {
            var made = await RestoreRequestEndpoints.MakeAsync(id, new RestoreRequestMakeBody(input["asked-by"], input["text"], form.Body(target)), caller, grains, cancellation);
            return PageResults.SeeOther(RestoreAddresses.Request(id, made.Id));
        }
        catch (Exception refused) when (Refusals.TextOf(refused) is not null)
        {
            return await ShowAsync(tenant, form, null, Refusals.TextOf(refused), grains, portal, cancellation);
        }
    }

    private static async Task<IResult> ShowJob(string tenant, string job, IGrainFactory grains, PortalRequest portal, CancellationToken cancellation, int page = 0)
    {
        var id = AddressParts.Tenant(tenant);
        var (grain, name) = (grains.Restore(id, AddressParts.Job(job)), await grains.Tenant(id).GetName(cancellation));
        var status = await grain.GetStatus(cancellation);
        page = Math.Clamp(page, 0, Math.Max(0, status.OutcomePages - 1));
        // Outcomes have names of items: they are content.
        var outcomes = status.OutcomePages > 0 && portal.May(Permission.SeeContent, id) ? await grain.ListOutcomes(page, cancellation) : [];
        return PageResults.Show<RestoreJobPage, RestoreJobModel>(new RestoreJobModel(name, await NameAsync(grains, status.Request.Point.Resource, cancellation), status, outcomes, page));
    }

    private static Task Watch(string tenant, string job, HttpContext context, IGrainFactory grains, PortalRequest portal) => ProgressEvents.StreamAsync(
        context, grains.Restore(AddressParts.Tenant(tenant), AddressParts.Job(job)).Watch(context.RequestAborted), status => RestoreWriting.NewsOf(status, portal));

    private static async Task<IResult> Cancel(string tenant, string job, IGrainFactory grains, CancellationToken cancellation)
    {
        var (id, restore) = (AddressParts.Tenant(tenant), AddressParts.Job(job));
        if (!(await grains.Restore(id, restore).GetStatus(cancellation)).Ended) // one that ended meanwhile needs no stopping
            await grains.Restore(id, restore).Cancel(cancellation);
        return PageResults.SeeOther(RestoreAddresses.Job(id, restore));
    }

    private static FormInput WithDefaults(FormInput input, PortalRequest portal)
    {
        foreach (var (field, value) in new[] { ("where", RestoreForm.ToOriginal), ("conflict", nameof(ConflictPolicy.Skip)), ("name", portal.Texts["restore.default-name"]), ("asked-by", portal.Caller.Email ?? "") })
            if (input[field].Length == 0)
                input = input.With(field, value);
        return input;
    }

    /// <summary>Finds the other resource that was written down by its address, and says at its field when there is none.</summary>
    private static async Task<(RestoreForm Form, string? Target)> WithTargetAsync(TenantId tenant, RestoreForm form, IGrainFactory grains, PortalRequest portal, CancellationToken cancellation)
    {
        var input = form.Input;
        if (input["where"] == RestoreForm.ToFolder && input["name"].Length == 0)
            input = input.WithProblem("name", portal.Texts["restore.name-problem"]);
        if (input["where"] != RestoreForm.ToOther)
            return (form with { Input = input }, null);
        var kind = AddressParts.Resource(tenant, form.Resource, "resource").Kind;
        string? after = null;
        do
        {
            var page = await grains.Tenant(tenant).ListResources(after, ResourcesAtOnce, cancellation);
            if (page.Resources.FirstOrDefault(one => Fits(one, kind, input["other"])) is { } found)
                return (form with { Input = input }, found.Resource.LocalName);
            after = page.Next;
        }
        while (after is not null);
        return (form with { Input = input.WithProblem("other", portal.Texts["restore.other-problem"]) }, null);
    }

    private static bool Fits(ResourceListing one, ResourceKind kind, string written) => one.Resource.Kind == kind && written.Length > 0
        && (string.Equals(one.Address, written, StringComparison.OrdinalIgnoreCase) || string.Equals(one.DisplayName, written, StringComparison.OrdinalIgnoreCase) || one.Resource.LocalName == written);

    private static async Task<IResult> ShowAsync(string tenant, RestoreForm form, RestorePreview? preview, string? refused, IGrainFactory grains, PortalRequest portal, CancellationToken cancellation)
    {
        var id = AddressParts.Resource(AddressParts.Tenant(tenant), form.Resource, "resource");
        var (name, listing, points) = (await grains.Tenant(id.Tenant).GetName(cancellation), await grains.Tenant(id.Tenant).GetResource(id, cancellation), await grains.Resource(id).ListPoints(cancellation));
        var summary = PointAddress.Parse(form.Point, "point").FindIn(points);
        var model = new RestoreWizardModel(
            id, name, listing.DisplayName, summary, form, !portal.May(Permission.Restore, id.Tenant), await NamesAsync(grains.Point(new RestorePointId(id, summary.Sequence)), form, cancellation), preview, refused);
        return PageResults.Show<RestoreWizardPage, RestoreWizardModel>(model, form.Input.HasProblems || refused is not null ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
    }

    private static async Task<ImmutableArray<string>> NamesAsync(GrainInterfaces.Points.IRestorePointGrain point, RestoreForm form, CancellationToken cancellation)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        if (!form.Folders.IsEmpty)
            names.AddRange((await point.ListFolders(cancellation)).Where(folder => form.Folders.Contains(folder.Id)).Take(NamesShown).Select(folder => string.Join(" / ", folder.Path)));
        names.AddRange((await Task.WhenAll(form.Items.Take(NamesShown - names.Count).Select(item => point.GetItem(item, cancellation)))).Select(item => item.Subject));
        return names.ToImmutable();
    }

    // A tenant notes a job before the job itself is written, so the newest may not answer yet.
    private static async Task<RestoreStatus?> StatusAsync(IRestoreGrain job, CancellationToken cancellation)
    {
        try
        {
            return await job.GetStatus(cancellation);
        }
        catch (NotFoundException)
        {
            return null;
        }
    }

    internal static async Task<string> NameAsync(IGrainFactory grains, ResourceId resource, CancellationToken cancellation)
    {
        try
        {
            return (await grains.Tenant(resource.Tenant).GetResource(resource, cancellation)).DisplayName;
        }
        catch (NotFoundException)
        {
            return resource.LocalName; // no longer listed; its jobs still are
        }
    }
}
