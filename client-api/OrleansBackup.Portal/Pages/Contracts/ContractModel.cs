using System.Collections.Immutable;
using OrleansBackup.ClientApi.Contracts;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Plans;
using OrleansBackup.Portal.Pages.Consequences;

namespace OrleansBackup.Portal.Pages.Contracts;

/// <summary>A contract, and what it is going to bring.</summary>
/// <param name="Contract">Null: none was made yet.</param>
/// <param name="Ahead">The next 24 months if everything stays as it is.</param>
/// <param name="Plans">Those that are sold.</param>
/// <param name="Compared">With the other plan that was asked for; null: none was, or it was refused.</param>
/// <param name="Refused">What the service said, if it refused.</param>
/// <param name="Done">What an act came to, as the key of a text.</param>
public sealed record ContractModel(
    TenantId Tenant, string TenantName, ContractBody? Contract, ImmutableArray<PreviewEntryBody> Ahead, ImmutableArray<ServicePlan> Plans, WhatIf Asked, PlanComparisonBody? Compared,
    string? Refused, string? Done);

/// <summary>Another plan to try, as the address of the page says it.</summary>
public sealed record WhatIf(string Plan, string From, string Users)
{
    public static WhatIf None { get; } = new("", "", "");
}

/// <summary>One proposal of the contract with the list of what it makes unrecoverable.</summary>
/// <param name="IsOwn">The reader proposed it himself.</param>
public sealed record ConsequenceModel(TenantId Tenant, string TenantName, ActBody Act, Losses Losses, string By, DateTimeOffset At, bool IsOwn, string? Refused);
