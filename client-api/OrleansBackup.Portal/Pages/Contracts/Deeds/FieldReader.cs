using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using OrleansBackup.ClientApi.Contracts;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Pages.Contracts.Deeds;

/// <summary>What was written into the fields of a deed, as the bodies of the API hold it. What cannot be read is absent: the API's own reader says that it is missing.</summary>
internal static class FieldReader
{
    /// <summary>Rows of deviations in a form: a page without scripts has as many as it has, and one contract rarely has more.</summary>
    public const int Rows = 8;

    private static readonly string[] Parts = ["path", "value", "reference", "by", "on"];

    public static DateOnly? Day(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    public static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static ChangeKind? Change(string text) => Enum.TryParse<ChangeKind>(text, out var change) && Enum.IsDefined(change) ? change : null;

    public static string RowField(int row, string part) => $"override-{row}-{part}";

    /// <exception cref="ProblemException">A value is not JSON.</exception>
    public static ImmutableArray<OverrideBody> Overrides(FormInput input) =>
    [
        .. Enumerable.Range(0, Rows).Where(row => Parts.Any(part => input[RowField(row, part)].Length > 0)).Select(row => new OverrideBody(
            input[RowField(row, "path")], Value(input[RowField(row, "value")]), input[RowField(row, "reference")], input[RowField(row, "by")], Day(input[RowField(row, "on")]))),
    ];

    public static FormInput WithOverrides(FormInput input, IEnumerable<OverrideBody> overrides) => overrides.Take(Rows).Select((one, row) => (one, row)).Aggregate(input, (form, at) => form
        .With(RowField(at.row, "path"), at.one.Path ?? "").With(RowField(at.row, "value"), at.one.Value?.GetRawText() ?? "").With(RowField(at.row, "reference"), at.one.Reference ?? "")
        .With(RowField(at.row, "by"), at.one.AgreedBy ?? "").With(RowField(at.row, "on"), at.one.AgreedOn?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? ""));

    public static PlanMoveBody Plan(FormInput input) => new(input["plan"], Day(input["from"]), Overrides(input), input["new-term"] == "yes", input["reference"]);

    public static ContractRequestBody Contract(FormInput input) => new(
        input["plan"], Day(input["start"]), Overrides(input),
        input.Values.Where(field => field.Key.StartsWith("requires-", StringComparison.Ordinal) && field.Value.Length > 0).ToImmutableSortedDictionary(field => field.Key["requires-".Length..], field => field.Value), input["reference"]);

    /// <summary>A person writes P90D or 90 or true; only the first is no JSON, and is meant as a text.</summary>
    private static JsonElement? Value(string text)
    {
        if (text.Length == 0)
            return null;
        try
        {
            return JsonDocument.Parse(text).RootElement.Clone();
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(text);
        }
    }
}
