using System.Collections.Immutable;
using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Checks;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.Domain.Checks;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Portal.Hosting;
using OrleansBackup.Portal.Pages.Estate;

namespace OrleansBackup.Portal.Pages.Incidents;

/// <summary>What failures are put down to: declared by a person, put right when more is known, and ended.</summary>
internal static class IncidentPages
{
    private const string Address = "/incidents";

    public static void MapIncidentPages(this IEndpointRouteBuilder portal)
    {
        portal.MapPage(Address, Show).Needs(Permission.SeeEstate, Reach.CallersTenants);
        portal.MapPost($"{Address}/declare", Declare).Needs(Permission.HandleFaults).Audited(AuditActs.DeclareIncident, withBody: true);
        portal.MapPost($"{Address}/{{incident}}/change", Change).Needs(Permission.HandleFaults).Audited(AuditActs.ChangeIncident, withBody: true);
        portal.MapPost($"{Address}/{{incident}}/end", End).Needs(Permission.HandleFaults).Audited(AuditActs.EndIncident, withBody: true);
    }

    private static Task<IResult> Show(EstateReader estate, IGrainFactory grains, PortalRequest portal, CancellationToken cancellation, string? edit = null, string? done = null) =>
        PageAsync(edit ?? "", null, null, done is "declared" or "changed" or "ended" ? done : null, estate, grains, portal, cancellation);

    private static Task<IResult> Declare(ActForm form, ClaimsPrincipal caller, EstateReader estate, IGrainFactory grains, PortalRequest portal, CancellationToken cancellation) =>
        ActAsync("new", form.Input, "declared", tenants => CheckEndpoints.Declare(Body(form.Input, tenants), caller, grains, cancellation), estate, grains, portal, cancellation);

    private static Task<IResult> Change(string incident, ActForm form, ClaimsPrincipal caller, EstateReader estate, IGrainFactory grains, PortalRequest portal, CancellationToken cancellation) =>
        ActAsync(incident, form.Input, "changed", tenants => CheckEndpoints.Change(incident, Body(form.Input, tenants), caller, grains, cancellation), estate, grains, portal, cancellation);

    private static Task<IResult> End(string incident, ActForm form, ClaimsPrincipal caller, EstateReader estate, IGrainFactory grains, PortalRequest portal, CancellationToken cancellation) =>
        ActAsync(incident, form.Input, "ended", _ => CheckEndpoints.End(incident, new IncidentEndBody(Moment(form["until"])), caller, grains, cancellation), estate, grains, portal, cancellation);

    private static async Task<IResult> ActAsync(
        string edit, FormInput input, string done, Func<ImmutableArray<string>, Task> act, EstateReader estate, IGrainFactory grains, PortalRequest portal, CancellationToken cancellation)
    {
        var (tenants, unknown) = Whom(input["tenants"], await estate.TenantsAsync(cancellation));
        if (unknown is not null)
            return await PageAsync(edit, input.WithProblem("tenants", portal.Texts.Filled("incidents.tenants-problem", unknown)), null, null, estate, grains, portal, cancellation);
        try
        {
            await act(tenants);
            return PageResults.SeeOther($"{Address}?done={done}");
        }
        catch (Exception refused) when (Refusals.TextOf(refused) is not null)
        {
            return await PageAsync(edit, input, Refusals.TextOf(refused), null, estate, grains, portal, cancellation);
        }
    }

    private static IncidentRequestBody Body(FormInput input, ImmutableArray<string> tenants) => new(
        Enum.TryParse<FaultKind>(input["kind"], out var kind) && Enum.IsDefined(kind) ? kind : null, new WordsBody(input["what-nl"], input["what-en"]), Moment(input["from"]), Moment(input["until"]), tenants, input["reference"]);

    /// <summary>A time as a person at the provider reads it from the clock on his wall.</summary>
    private static DateTimeOffset? Moment(string text) => DateTime.TryParseExact(text, ["yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var wall)
        ? ContractCalendar.Amsterdam.At(DateOnly.FromDateTime(wall), wall.TimeOfDay) : null;

    /// <summary>Tenants by their names or ids, one on a line; none: everybody.</summary>
    private static (ImmutableArray<string> Tenants, string? Unknown) Whom(string text, ImmutableArray<ListedStanding> all)
    {
        var found = ImmutableArray.CreateBuilder<string>();
        foreach (var line in text.Split(['\n', '\r'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            if (all.FirstOrDefault(one => string.Equals(one.Listing.Name, line, StringComparison.OrdinalIgnoreCase) || one.Listing.Tenant.ToString() == line) is { } tenant)
                found.Add(tenant.Listing.Tenant.ToString());
            else
                return ([], line);
        return (found.ToImmutable(), null);
    }

    private static async Task<IResult> PageAsync(string edit, FormInput? input, string? refused, string? done, EstateReader estate, IGrainFactory grains, PortalRequest portal, CancellationToken cancellation)
    {
        ImmutableArray<Incident> incidents = [.. (await grains.CheckDiary().ListIncidents(cancellation)).SeenBy(portal.Caller)];
        var names = (await estate.TenantsAsync(cancellation)).ToDictionary(one => one.Listing.Tenant, one => one.Listing.Name);
        return PageResults.Show<IncidentsPage, IncidentsModel>(
            new IncidentsModel(incidents, names, edit, input ?? FormInput.Empty, refused, done), refused is null && input is not { HasProblems: true } ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }
}

/// <param name="Names">Of the tenants that the reader may see.</param>
/// <param name="Edit">The id of the incident that is changed; <c>new</c> for another; empty: none.</param>
public sealed record IncidentsModel(ImmutableArray<Incident> Incidents, IReadOnlyDictionary<TenantId, string> Names, string Edit, FormInput Input, string? Refused, string? Done);
