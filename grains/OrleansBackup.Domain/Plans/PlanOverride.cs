using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orleans;

namespace OrleansBackup.Domain.Plans;

/// <summary>A deviation from the plan that was agreed with one customer.</summary>
/// <param name="Path">The parameter, such as <c>retention.keep</c>.</param>
/// <param name="Value">Its other value, as JSON.</param>
/// <param name="Reference">Where the written agreement is found.</param>
/// <param name="AgreedBy">Who agreed to it for the customer.</param>
/// <param name="AgreedOn">The day of the agreement.</param>
/// <remarks>Source: "afwijkingen gelden alleen indien schriftelijk overeengekomen"; "dit wordt dan in een apart contract vastgelegd".</remarks>
[GenerateSerializer, Immutable, Alias("plan-override")]
public sealed record PlanOverride(
    [property: Id(0)] string Path, [property: Id(1)] string Value, [property: Id(2)] string Reference, [property: Id(3)] string AgreedBy, [property: Id(4)] DateOnly AgreedOn)
{
    // Who a plan is cannot be deviated from: that would be another plan.
    private static readonly ImmutableHashSet<string> Fixed = ["id", "version", "name"];

    /// <summary>The plan as it holds for one contract.</summary>
    /// <exception cref="PlanProblemException">A path that the plan does not have, a value that it cannot take, or no written agreement.</exception>
    public static ServicePlan Apply(ServicePlan plan, IEnumerable<PlanOverride> overrides)
    {
        var document = JsonNode.Parse(PlanFile.Write(plan))!.AsObject();
        var any = false;
        foreach (var one in overrides)
        {
            any = true;
            if (plan.Terms.OverrideRequiresWrittenReference && (string.IsNullOrWhiteSpace(one.Reference) || string.IsNullOrWhiteSpace(one.AgreedBy)))
                throw Wrong(one.Path, "A deviation needs the reference of the written agreement and who agreed to it.");
            var steps = one.Path.Split('.');
            JsonObject? holder = document;
            foreach (var step in steps[..^1])
                holder = holder?[step] as JsonObject;
            if (holder is null || !holder.ContainsKey(steps[^1]) || Fixed.Contains(steps[0]))
                throw Wrong(one.Path, "The plan has no such parameter to deviate from.");
            try
            {
                holder[steps[^1]] = JsonNode.Parse(one.Value);
            }
            catch (JsonException)
            {
                throw Wrong(one.Path, $"'{one.Value}' is not JSON; a text stands in quotation marks.");
            }
        }

        return any ? PlanFile.Read(document.ToJsonString()) : plan;

        static PlanProblemException Wrong(string path, string problem) => new([new(path, problem)]);
    }
}
