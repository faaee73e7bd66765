using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansBackup.Domain.Plans;

/// <summary>Reads and writes a plan's JSON document. Strict: what is misspelt or missing is an error, never a default nobody chose.</summary>
public static class PlanFile
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.Strict,
        PropertyNameCaseInsensitive = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <exception cref="PlanProblemException">It is no plan, or one that makes no sense; every problem is named with its path.</exception>
    public static ServicePlan Read(string json)
    {
        ServicePlan plan;
        try
        {
            plan = JsonSerializer.Deserialize<ServicePlan>(json, Options) ?? throw new JsonException("The document is null.");
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
    public static string Write(ServicePlan plan) => JsonSerializer.Serialize(plan, Options);
}
