using System.Collections.Immutable;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Retention;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.Domain.Scope;
using OrleansBackup.Domain.Storage;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.ClientApi.Tenants;

/// <summary>From the settings in a body to those of the service; what makes no sense is a problem of the field that says it.</summary>
internal static class SettingsReader
{
    /// <summary>Scope, retention and window must be there: a part left out by mistake would set back a retention, and points would go. Where rehearsals go stays, if it is absent.</summary>
    public static TenantSettings Whole(SettingsBody? body, TenantId tenant, TenantSettings present) => body is null
        ? throw new ProblemException(Problem.InvalidField("body", "The body is missing; it holds scope, retention and window."))
        : new(Scope(Given(body.Scope, "scope"), ""), Retention(Given(body.Retention, "retention"), ""), Window(Given(body.Window, "window"), "")) { Rehearsal = Rehearsal(body.Rehearsal, tenant, "", present) };

    /// <summary>Parts that are absent stay as in <paramref name="present"/>.</summary>
    public static TenantSettings Partial(SettingsBody? body, TenantId tenant, TenantSettings present) => body is null
        ? present
        : new(
            body.Scope is { } scope ? Scope(scope, "settings.") : present.Scope,
            body.Retention is { } retention ? Retention(retention, "settings.") : present.Retention,
            body.Window is { } window ? Window(window, "settings.") : present.Window) { Rehearsal = Rehearsal(body.Rehearsal, tenant, "settings.", present) };

    /// <param name="at">What stands before <c>countries</c> in the body.</param>
    public static StorageDemand Storage(StorageBody body, string at)
    {
        if (body.Countries is not { IsDefault: false } given)
            throw new ProblemException(Problem.FieldMissing($"{at}countries"));
        var demand = new StorageDemand([.. given.Select(country => country?.Trim().ToUpperInvariant() ?? "").Distinct()]);
        return demand.Problem() is { } problem ? throw new ProblemException(Problem.InvalidField($"{at}countries", problem)) : demand;
    }

    private static ProtectionScope Scope(ScopeBody body, string at)
    {
        var scope = new ProtectionScope(
            Given(body.Mode, $"{at}scope.mode"), Ids(body.Selected, $"{at}scope.selected"), Ids(body.Excluded, $"{at}scope.excluded"), body.HiddenFolders ?? true)
        {
            Kinds = body.Kinds ?? ImmutableSortedDictionary<ResourceKind, KindRule>.Empty,
            ExcludedPurposes = Ids(body.ExcludedPurposes, $"{at}scope.excludedPurposes"),
        };
        return scope.Problem() is { } problem ? throw new ProblemException(Problem.InvalidField($"{at}scope.kinds", problem)) : scope;
    }

    private static RetentionRule Retention(RetentionBody body, string at)
    {
        var rule = new RetentionRule(body.Days, body.CalendarMonths, body.LegalHold ?? false)
        {
            Keep = body.Keep is { } keep ? new(keep.Weeks ?? 0, keep.Months ?? 0, keep.Years ?? 0) : KeepRules.None,
        };
        return rule.Problem() is { } problem ? throw new ProblemException(Problem.InvalidField($"{at}retention", problem)) : rule;
    }

    private static BackupWindow Window(WindowBody body, string at)
    {
        var window = new BackupWindow(Given(body.Start, $"{at}window.start"), Given(body.Length, $"{at}window.length"));
        return window.Problem() is { } problem ? throw new ProblemException(Problem.InvalidField($"{at}window", problem)) : window;
    }

    private static RehearsalSettings Rehearsal(RehearsalSettingsBody? body, TenantId tenant, string at, TenantSettings present) => body is null ? present.Rehearsal : new(
        body.ReadOnly ?? false,
        [.. (body.Targets is { IsDefault: false } given ? given : []).Select(name => ResourceId.TryParseLocalName(tenant, name, out var target)
            ? target : throw new ProblemException(Problem.InvalidField($"{at}rehearsal.targets", $"'{name}' is no resource; a name is like mailbox-… or site-….")))]);

    private static ImmutableHashSet<string> Ids(ImmutableArray<string>? ids, string field) => ids switch
    {
        null => [],
        { IsDefault: true } => [],
        { } given when given.Any(string.IsNullOrWhiteSpace) => throw new ProblemException(Problem.InvalidField(field, $"'{field}' holds an empty id.")),
        { } given => [.. given],
    };

    private static T Given<T>(T? value, string field)
        where T : class => value ?? throw new ProblemException(Problem.FieldMissing(field));

    private static T Given<T>(T? value, string field)
        where T : struct => value ?? throw new ProblemException(Problem.FieldMissing(field));
}
