using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using OrleansBackup.Domain.Documents;

namespace OrleansBackup.Domain.Plans;

/// <summary>Reads and writes a plan's JSON document. Strict: what is misspelt or missing is an error, never a default nobody chose.</summary>
public static class PlanFile
{
    /// <exception cref="PlanProblemException">It is no plan, or one that makes no sense; every problem is named with its path.</exception>
    public static ServicePlan Read(string json)
    {
        ServicePlan plan;
        try
        {
            plan = JsonSerializer.Deserialize<ServicePlan>(json, StrictJson.Options) ?? throw new JsonException("The document is null.");
        }
        catch (JsonException wrong)
        {
            throw new PlanProblemException([new(wrong.Path?.TrimStart('$', '.') ?? "", wrong.Message)], wrong);
        }

        return plan.Problems() is { IsEmpty: false } problems ? throw new PlanProblemException(problems) : plan;
    }

    public static bool TryRead(string json, [NotNullWhen(true)] out ServicePlan? plan, out string problem)
    {
        try
        {
            (plan, problem) = (Read(json), "");
            return true;
        }
        catch (PlanProblemException wrong)
        {
            (plan, problem) = (null, wrong.Message);
            return false;
        }
    }

    /// <summary>Always the same text for the same plan.</summary>
    public static string Write(ServicePlan plan) => JsonSerializer.Serialize(plan, StrictJson.Options);
}
