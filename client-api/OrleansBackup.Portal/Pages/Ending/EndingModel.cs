using System.Collections.Immutable;
using OrleansBackup.ClientApi.Contracts;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Exports;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Portal.Hosting;

namespace OrleansBackup.Portal.Pages.Ending;

/// <summary>How far the end of a tenant is.</summary>
/// <param name="Overview">What would be destroyed; null: it is, or is being.</param>
/// <param name="Contract">Null: there is none.</param>
/// <param name="Destruction">Null: nobody ordered one.</param>
public sealed record EndingModel(
    TenantId Tenant, string TenantName, TenantOverview? Overview, ContractBody? Contract, ImmutableArray<TenantExportStatus> Exports, TenantDestructionStatus? Destruction, FormInput Input, string? Refused);
