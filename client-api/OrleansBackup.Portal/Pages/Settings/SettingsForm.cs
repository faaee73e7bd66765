using System.Collections.Immutable;
using System.Globalization;
using OrleansBackup.ClientApi.Tenants;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Scope;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Pages.Settings;

/// <summary>The settings of a tenant as fields of a form, and back as the body that the API takes.</summary>
internal static class SettingsForm
{
    public const string InDays = "days", InMonths = "months", OneEach = "yes";

    public static readonly ImmutableArray<ResourceKind> Kinds = [.. Enum.GetValues<ResourceKind>().Where(kind => kind.CanBeProtected())];

    public static FormInput Of(TenantSettings settings)
    {
        var (scope, retention, window) = (settings.Scope, settings.Retention, settings.Window);
        var input = FormInput.Empty
            .With("mode", scope.Mode.ToString()).With("selected", Lines(scope.Selected)).With("excluded", Lines(scope.Excluded)).With("purposes", Lines(scope.ExcludedPurposes)).With("hidden-folders", Checked(scope.HiddenFolders))
            .With("unit", retention.Days is null ? InMonths : InDays).With("length", Number(retention.Days ?? retention.CalendarMonths ?? 0)).With("legal-hold", Checked(retention.LegalHold))
            .With("keep-weeks", Number(retention.Keep.Weeks)).With("keep-months", Number(retention.Keep.Months)).With("keep-years", Number(retention.Keep.Years))
            .With("window-start", window.Start.ToString(@"hh\:mm", CultureInfo.InvariantCulture)).With("window-hours", window.Length.TotalHours.ToString("0.##", CultureInfo.InvariantCulture))
            .With("read-only", Checked(settings.Rehearsal.ReadOnly)).With("targets", Lines(settings.Rehearsal.Targets.Select(target => target.LocalName)));
        return Kinds.Aggregate(input, (form, kind) => form.With($"kind-{kind}", scope.Kinds.TryGetValue(kind, out var rule) ? rule.ToString() : ""));
    }

    /// <summary>All of it: a part that the form did not send is empty, never as it was.</summary>
    public static SettingsBody Body(FormInput input)
    {
        var (length, keep) = (Number(input["length"]), new KeepBody(Number(input["keep-weeks"]), Number(input["keep-months"]), Number(input["keep-years"])));
        var kinds = Kinds.Select(kind => (kind, Rule: Enum.TryParse<KindRule>(input[$"kind-{kind}"], out var rule) && Enum.IsDefined(rule) ? rule : (KindRule?)null)).Where(one => one.Rule is not null);
        return new SettingsBody(
            new ScopeBody(Enum.TryParse<ScopeMode>(input["mode"], out var mode) && Enum.IsDefined(mode) ? mode : null, Parts(input["selected"]), Parts(input["excluded"]), input["hidden-folders"] == OneEach)
            {
                Kinds = kinds.ToImmutableSortedDictionary(one => one.kind, one => one.Rule!.Value), ExcludedPurposes = Parts(input["purposes"]),
            },
            new RetentionBody(input["unit"] == InDays ? length : null, input["unit"] == InDays ? null : length, input["legal-hold"] == OneEach, keep is { Weeks: 0 or null, Months: 0 or null, Years: 0 or null } ? null : keep),
            new WindowBody(Time(input["window-start"]), decimal.TryParse(input["window-hours"], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var hours) ? TimeSpan.FromMinutes((double)(hours * 60)) : null))
        {
            Rehearsal = new RehearsalSettingsBody(input["read-only"] == OneEach, Parts(input["targets"])),
        };
    }

    private static TimeSpan? Time(string text) => TimeSpan.TryParseExact(text, [@"hh\:mm", @"hh\:mm\:ss"], CultureInfo.InvariantCulture, out var time) ? time : null;

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Checked(bool value) => value ? OneEach : "";

    private static string Lines(IEnumerable<string> values) => string.Join('\n', values.Order(StringComparer.Ordinal));

    private static ImmutableArray<string> Parts(string text) => [.. text.Split(['\n', '\r', ',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];
}
