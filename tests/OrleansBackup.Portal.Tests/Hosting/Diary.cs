using System.Collections.Immutable;
using OrleansBackup.Domain.Checks;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;
using OrleansBackup.GrainInterfaces.Checks;
using OrleansBackup.GrainInterfaces.Notices;

namespace OrleansBackup.Portal.Tests.Hosting;

/// <summary>A check of a working day with something of everything, an incident, and notices that arrived and that did not.</summary>
internal static class Diary
{
    private static readonly DateOnly Day = Estate.Today.AddDays(-1);

    public static readonly DailyCheck Check = new(
        Day, Estate.Now.AddHours(-27), Estate.Now.AddHours(-26),
        [
            Group(3, "Stichting Het Groene Hart", FaultKind.PermissionMissing, FaultSeverity.Critical, 3),
            Group(7, Estate.HostileName, FaultKind.MicrosoftThrottles, FaultSeverity.Warning, 1),
            Group(4, "Zuidas Legal", FaultKind.ItemsOwed, FaultSeverity.Information, 1) with { Acknowledged = new("Robin", Estate.Now.AddHours(-25), "Known <i>items</i>.") },
        ],
        [new MissedCheck(Day.AddDays(-1), MissedCheckReason.NotAcknowledged)],
        [.. Enumerable.Range(0, 12).Select(number => new CheckedTenant(Estate.Id(number), $"Klant {number}", Estate.Now.AddDays(-2), Estate.Now.AddHours(-27), null, null))], null, null);

    public static readonly Incident Incident = new(
        Guid.Parse("50000000-0000-0000-0000-000000000001"), FaultKind.MicrosoftIncident, new("Exchange Online niet bereikbaar", "Exchange Online cannot be reached"), Estate.Now.AddDays(-3), Estate.Now.AddDays(-2), [],
        "EX123456", "Robin", Estate.Now.AddDays(-3));

    public static readonly ImmutableArray<NoticeListing> Notices =
    [
        Notice(1, NoticeKind.CriticalFault, NoticeState.Sent, $"Kritieke fout bij {Estate.HostileName}", "Critical fault"), Notice(2, NoticeKind.FoundUnprotected, NoticeState.Failed, "Onbeschermd gevonden", "Found unprotected"),
    ];

    private static CheckGroup Group(int tenant, string name, FaultKind kind, FaultSeverity severity, int count) => new(
        Estate.Id(tenant), name, kind, severity, count,
        [.. Enumerable.Range(0, count).Select(number => new CheckFinding(
            new ResourceId(Estate.Id(tenant), ResourceKind.Mailbox, $"20000000-0000-0000-0000-{number:d12}"), $"Medewerker {number + 1}", $"medewerker{number + 1}@fabrikam.example", kind, severity,
            [new MissedMoment(Estate.Now.AddDays(-2), kind, null, null), new MissedMoment(Estate.Now.AddDays(-1), kind, null, null)], Estate.Now.AddDays(-3), 2, false, "The app lacks <b>Mail.Read</b>."))],
        Day.AddDays(-2));

    private static NoticeListing Notice(int number, NoticeKind kind, NoticeState state, string dutch, string english) => new(
        new Notice(Guid.Parse($"40000000-0000-0000-0000-{number:d12}"), kind, $"key-{number}", Estate.Now.AddHours(-number), Estate.Now.AddHours(-number), null), state,
        [new NoticeDelivery(NoticeChannel.Mail, "beheer@fabrikam.example", "Beheerder", NoticeLanguage.Nl, false, Estate.Now.AddHours(-number), Estate.Now) { Problem = state == NoticeState.Failed ? "550 No such user" : null }],
        new NoticeText(NoticeLanguage.Nl, dutch, [], [], []), new NoticeText(NoticeLanguage.En, english, [], [], []));
}
