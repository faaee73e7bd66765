using System.Collections.Immutable;
using Orleans;
using Orleans.Concurrency;
using OrleansBackup.Domain.Invoicing;

namespace OrleansBackup.GrainInterfaces.Billing;

/// <summary>The provider's price lists. What has begun never changes.</summary>
/// <remarks>Key: <see cref="GrainKeys.Provider"/>.</remarks>
[Alias("price-book")]
public interface IPriceBookGrain : IGrainWithStringKey
{
    /// <summary>In the order of their ids: those that came with the server, as far as they were not changed, and the provider's own.</summary>
    [AlwaysInterleave, Alias("list-price-lists")]
    Task<ImmutableArray<PriceList>> List(CancellationToken cancellation);

    /// <summary>Adds a list, or versions to one.</summary>
    /// <exception cref="InvalidRequestException">It makes no sense, or changes what has begun.</exception>
    [Alias("put")]
    Task<PriceList> Put(PriceList list, CancellationToken cancellation);

    /// <summary>Raises the prices of a list by a percentage from a day to come.</summary>
    /// <exception cref="NotFoundException">There is no such list.</exception>
    /// <exception cref="InvalidRequestException">The percentage, the day, the reason, or a second time in one year.</exception>
    [Alias("index")]
    Task<PriceList> Index(string list, DateOnly validFrom, decimal percent, string reason, string by, CancellationToken cancellation);

    /// <summary>After the loss of the database: takes over from the ledger what this book does not know. Safe to repeat.</summary>
    /// <returns>What could not be read.</returns>
    [Alias("recover")]
    Task<ImmutableArray<string>> Recover(CancellationToken cancellation);

    /// <summary>Enters lists from before the ledger. Safe to repeat.</summary>
    [Alias("enter-ledger")]
    Task EnterLedger(CancellationToken cancellation);
}
