using System.Text.Json;
using OrleansBackup.GrainInterfaces.Contracts;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.Grains.Contracts;

/// <summary>What exactly was proposed, as the journal keeps it: when it is confirmed just that is done, whatever was changed meanwhile.</summary>
/// <param name="PlanText">The plan as it was sold when it was proposed.</param>
internal sealed record ActDetails(TenantSettings? Settings, PlanOrder? Plan, string? PlanText)
{
    public string Write() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);

    public static ActDetails Read(string text) => JsonSerializer.Deserialize<ActDetails>(text, JsonSerializerOptions.Web)!;
}
