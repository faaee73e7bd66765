using System.Collections.Immutable;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Portal.Components;

namespace OrleansBackup.Portal.Pages.Tenants;

/// <summary>A page of the list of tenants.</summary>
/// <param name="Found">How many the search left, of <paramref name="InAll"/>.</param>
public sealed record TenantsModel(TenantsQuery Query, ImmutableArray<TenantRow> Rows, int Found, int InAll, int Pages);

/// <param name="Share">Of the last thirty full days, the share of daily backups that were good; null: nothing is known.</param>
/// <param name="Week">The last seven days.</param>
public sealed record TenantRow(TenantListing Listing, TenantState State, TenantStanding? Standing, double? Share, ImmutableArray<HeatCell> Week);

/// <summary>What of the list is asked for. The address of the page says it.</summary>
/// <param name="Search">In the name or the id.</param>
/// <param name="Page">Counted from 1.</param>
public sealed record TenantsQuery(string Search, TenantsOrder Order, bool Descending, TenantState? Only, int Page)
{
    public string Address(int page) => $"/tenants?q={Uri.EscapeDataString(Search)}&only={Only?.ToString() ?? ""}&sort={Order}&down={(Descending ? "true" : "false")}&page={page}";

    /// <summary>The same list in another order, or the other way round.</summary>
    public string AddressBy(TenantsOrder order) => (this with { Order = order, Descending = Order == order ? !Descending : order != TenantsOrder.Name, Page = 1 }).Address(1);
}

/// <summary>By what the list is put in order.</summary>
public enum TenantsOrder
{
    Name = 0,
    State,
    Protected,
    Data,
    Share,
}
