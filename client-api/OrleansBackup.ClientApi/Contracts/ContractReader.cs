using System.Collections.Immutable;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.Domain.Plans;
using OrleansBackup.GrainInterfaces.Contracts;

namespace OrleansBackup.ClientApi.Contracts;

/// <summary>From bodies to orders; what is missing is a problem of its field.</summary>
internal static class ContractReader
{
    public static ContractOrder Order(ContractRequestBody body) => new(
        Given(body.Plan, "plan"), Given(body.Start, "start"), Overrides(body.Overrides, "overrides"), body.Prerequisites ?? ImmutableSortedDictionary<string, string>.Empty, Given(body.Reference, "reference"));

    public static PlanOrder Plan(PlanMoveBody body, string at, bool toTry) => new(
        Given(body.Plan, $"{at}plan"), Given(body.From, $"{at}from"), Overrides(body.Overrides, $"{at}overrides"), body.NewTerm ?? false, toTry ? body.Reference ?? "to try" : Given(body.Reference, $"{at}reference"));

    public static T Given<T>(T? value, string field)
        where T : struct => value ?? throw new ProblemException(Problem.FieldMissing(field));

    public static string Given(string? text, string field) => string.IsNullOrWhiteSpace(text) ? throw new ProblemException(Problem.FieldMissing(field)) : text.Trim();

    private static ImmutableArray<PlanOverride> Overrides(ImmutableArray<OverrideBody>? bodies, string at) => bodies is not { IsDefault: false } given ? [] :
        [.. given.Select((one, number) => new PlanOverride(
            Given(one?.Path, $"{at}[{number}].path"), Given(one!.Value, $"{at}[{number}].value").GetRawText(), Given(one.Reference, $"{at}[{number}].reference"), Given(one.AgreedBy, $"{at}[{number}].agreedBy"),
            Given(one.AgreedOn, $"{at}[{number}].agreedOn")))];
}
