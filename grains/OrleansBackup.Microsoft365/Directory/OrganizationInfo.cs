using System.Collections.Immutable;

namespace OrleansBackup.Microsoft365.Directory;

/// <summary>The tenant as it calls itself.</summary>
/// <param name="TenantId">Directory id.</param>
/// <param name="DisplayName">Falls back to the id where the tenant has none.</param>
/// <param name="VerifiedDomains">Domain names, the default one first.</param>
public sealed record OrganizationInfo(string TenantId, string DisplayName, string? CountryCode, ImmutableArray<string> VerifiedDomains);
