using System.Collections.Immutable;
using OrleansBackup.ClientApi.Contracts;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Portal.Hosting;
using OrleansBackup.Portal.Pages.Consequences;

namespace OrleansBackup.Portal.Pages.Settings;

/// <summary>What of a tenant is protected, for how long and when: as it is, and as somebody wants it.</summary>
/// <param name="Present">As it is, as fields of the form.</param>
/// <param name="Input">As it is wanted.</param>
/// <param name="Looked">The change was computed, and can be made now.</param>
/// <param name="Losses">What it would make unrecoverable.</param>
/// <param name="HasContract">A change that takes something away is proposed, told to the customer, and confirmed by a second person.</param>
/// <param name="Waiting">Proposals of other settings that wait.</param>
public sealed record SettingsModel(
    TenantId Tenant, string TenantName, FormInput Present, FormInput Input, bool Looked, Losses? Losses, bool HasContract, ImmutableArray<ActBody> Waiting, string? Refused, string? Done)
{
    /// <summary>Names of fields whose values differ.</summary>
    public ImmutableArray<string> Changed => [.. Present.Values.Keys.Where(name => Present[name] != Input[name].ReplaceLineEndings("\n")).Order(StringComparer.Ordinal)];
}
