using OrleansBackup.Grains.Runs;

namespace OrleansBackup.Grains.Tests.Runs;

/// <summary>Items of several parts share one table and never meet.</summary>
public sealed class ItemIdsTests
{
    [Theory]
    [InlineData("AAMkAGI2-_x=", ItemIds.Mail, "AAMkAGI2-_x=", null)]
    [InlineData("calendar~AAMkAGI2-_x=", ItemIds.Calendar, "AAMkAGI2-_x=", null)]
    [InlineData("drive~b!x-_~01ABC", ItemIds.Drive, "01ABC", "b!x-_")]
    public void An_id_tells_its_part_and_the_id_at_Microsoft(string id, string part, string graphId, string? container)
    {
        Assert.Equal((part, graphId, container), (ItemIds.PartOf(id), ItemIds.GraphIdOf(id), ItemIds.ContainerIdOf(id)));
        if (part != ItemIds.Mail)
            Assert.Equal(id, container is null ? ItemIds.Of(part, graphId) : ItemIds.Of(part, container, graphId));
    }

    [Theory]
    [InlineData("AAMk", ItemIds.Mail)]
    [InlineData("contacts~AAMk", ItemIds.Contacts)]
    [InlineData("folder:AAMk", ItemIds.Mail)]
    [InlineData("folder:drive~b!x~01", ItemIds.Drive)]
    public void A_debt_belongs_to_the_part_of_what_is_owed(string itemId, string part) => Assert.Equal(part, DebtItem.PartOf(itemId));
}
