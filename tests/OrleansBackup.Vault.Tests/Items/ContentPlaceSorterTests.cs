using OrleansBackup.Vault.Items;
using Xunit;

namespace OrleansBackup.Vault.Tests.Items;

public sealed class ContentPlaceSorterTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1025)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(300_001)] // several runs in the file
    public void All_come_back_in_the_order_of_their_keys(int count)
    {
        var random = new Random(count);
        var places = Enumerable.Range(0, count).Select(i => new ContentPlace(new UInt128((ulong)random.Next(count / 2 + 1), (ulong)random.NextInt64()), i, -i)).ToArray();
        using var sorter = new ContentPlaceSorter();
        foreach (var place in places)
            sorter.Add(place);
        Assert.Equal(count, sorter.Count);
        Assert.Equal(places.OrderBy(place => place.Key), sorter.Sorted());
    }
}
