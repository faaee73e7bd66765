using System.Collections.Immutable;
using OrleansBackup.ClientApi.Contracts;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Plans;
using OrleansBackup.Portal.Hosting;
using OrleansBackup.Portal.Pages.Consequences;

namespace OrleansBackup.Portal.Pages.Contracts.Deeds;

/// <summary>A deed with its form; and, once it was looked at, with what it brings.</summary>
/// <param name="Contract">Null: there is none yet.</param>
/// <param name="Contacts">Addresses and names of the customer's contacts who may ask for it.</param>
/// <param name="Paths">Parameters of plans that can be deviated from.</param>
/// <param name="Effect">Null: nobody has looked yet.</param>
internal sealed record DeedView(
    TenantId Tenant, string TenantName, Deed Deed, ContractBody? Contract, ImmutableArray<ServicePlan> Plans, ImmutableArray<(string Email, string Name)> Contacts, ImmutableArray<string> Paths, FormInput Input,
    DeedEffect? Effect, string? Refused);

/// <summary>The page of a deed. What a deed is stays inside.</summary>
public sealed class DeedModel
{
    internal DeedModel(DeedView view) => View = view;

    internal DeedView View { get; }
}

/// <summary>What a deed changes.</summary>
/// <param name="Facts">What stands in the contract before and after, where that differs; the names are keys of texts.</param>
/// <param name="Gone">What would happen without it, and does not with it.</param>
/// <param name="Coming">What happens with it, and would not without.</param>
/// <param name="Losses">Restore points that it makes unrecoverable; null: none, by itself.</param>
public sealed record DeedEffect(ImmutableArray<DeedFact> Facts, ImmutableArray<PreviewEntryBody> Gone, ImmutableArray<PreviewEntryBody> Coming, Losses? Losses);

/// <param name="Before">Null: there was nothing.</param>
/// <param name="After">Null: there is nothing.</param>
public sealed record DeedFact(string Name, DateOnly? Before, DateOnly? After, string? TextBefore = null, string? TextAfter = null);
