using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orleans;
using OrleansBackup.ClientApi.Audit;
using OrleansBackup.ClientApi.Checks;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Audit;
using OrleansBackup.GrainInterfaces.Checks;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Pages.Checks;

/// <summary>The check of every working day: what has no good backup, and that somebody looked.</summary>
internal static class ChecksEndpoints
{
    private const int OnAPage = 20, LongestNote = 500;

    public static void MapCheckPages(this IEndpointRouteBuilder portal)
    {
        portal.MapPage("/checks", List).Needs(Permission.SeeEstate, Reach.CallersTenants);
        portal.MapPage("/checks/{date}", Show).Needs(Permission.SeeEstate, Reach.CallersTenants);
        portal.MapPost("/checks/{date}", Acknowledge).Needs(Permission.HandleFaults).Audited(AuditActs.AcknowledgeCheck);
        portal.MapPost("/checks/{date}/work", OpenWork).Needs(Permission.ManageWork).Audited(AuditActs.ChangeWork);
    }

    private static async Task<IResult> List(IGrainFactory grains, PortalRequest portal, CancellationToken cancellation, string? before = null)
    {
        var days = await grains.CheckDiary().ListDays(before is null ? null : Day(before), OnAPage, cancellation);
        var checks = await Task.WhenAll(days.Select(async day => (await grains.DailyCheck(day).Get(cancellation)).SeenBy(portal.Caller)));
        return PageResults.Show<ChecksPage, ChecksModel>(new ChecksModel([.. checks], before is not null, days.Length == OnAPage));
    }

    private static async Task<IResult> Show(string date, IGrainFactory grains, PortalRequest portal, CancellationToken cancellation, string? done = null) =>
        PageResults.Show<CheckPage, CheckModel>(new CheckModel((await grains.DailyCheck(Day(date)).Get(cancellation)).SeenBy(portal.Caller), FormInput.Empty, [], done is "seen" or "work" ? done : null));

    private static async Task<IResult> Acknowledge(string date, HttpContext context, IGrainFactory grains, PortalRequest portal, CancellationToken cancellation)
    {
        var input = await FormInput.ReadAsync(context);
        ImmutableArray<string> groups = [.. (await context.Request.ReadFormAsync(cancellation))["group"].OfType<string>()];
        var day = Day(date);
        if (input["note"].Length is 0 or > LongestNote)
            input = input.WithProblem("note", portal.Texts["checks.note-missing"]);
        if (groups.IsEmpty && input["all"].Length == 0)
            input = input.WithProblem("", portal.Texts["checks.groups-missing"]);
        if (input.HasProblems)
            return PageResults.Show<CheckPage, CheckModel>(
                new CheckModel(await grains.DailyCheck(day).Get(cancellation), input, groups, null), StatusCodes.Status422UnprocessableEntity);
        await grains.DailyCheck(day).Acknowledge(portal.Caller.Name, input["note"], input["all"].Length > 0 ? [] : groups, cancellation);
        return PageResults.SeeOther($"/checks/{date}?done=seen");
    }

    private static async Task<IResult> OpenWork(string date, HttpContext context, IGrainFactory grains, CancellationToken cancellation)
    {
        await grains.DailyCheck(Day(date)).OpenWork((await FormInput.ReadAsync(context))["work"], cancellation);
        return PageResults.SeeOther($"/checks/{date}?done=work");
    }

    private static DateOnly Day(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        ? day : throw new ProblemException(Problem.NotFound("There was no check on this day."));
}

/// <param name="IsLater">Not the newest.</param>
public sealed record ChecksModel(ImmutableArray<DailyCheck> Checks, bool IsLater, bool HasMore);

/// <param name="Chosen">Ids of the groups that were chosen in a form that was refused.</param>
/// <param name="Done">What an act came to, as the end of the key of a text.</param>
public sealed record CheckModel(DailyCheck Check, FormInput Input, ImmutableArray<string> Chosen, string? Done);
