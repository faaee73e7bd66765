using OrleansBackup.Grains.Composition;

namespace OrleansBackup.Grains.Tests.Composition;

/// <summary>Wrong settings of stores are all named at the start, with what to set.</summary>
public sealed class StoresCheckTests
{
    [Fact]
    public void No_store_at_all_is_the_folder_of_before() => Assert.Empty(Problems(new()));

    [Fact]
    public void One_store_needs_no_default_and_several_do()
    {
        Assert.Empty(Problems(new() { Stores = { ["main"] = AFolder } }));
        Assert.Equal("main", new StoresOptions { Stores = { ["main"] = AFolder } }.Default);
        Assert.Contains("Vault:DefaultStore is not set", Assert.Single(Problems(new() { Stores = { ["main"] = AFolder, ["second"] = AFolder } })), StringComparison.Ordinal);
        Assert.Empty(Problems(new() { Stores = { ["main"] = AFolder, ["second"] = AFolder }, DefaultStore = "second" }));
    }

    [Theory]
    [InlineData("main", "", "/data", "Vault:Stores:main:Kind is ''")]
    [InlineData("main", "tape", "/data", "Vault:Stores:main:Kind is 'tape'")]
    [InlineData("main", "folder", null, "Vault:Stores:main:Path is not set")]
    [InlineData("main", "folder", "data", "Vault:Stores:main:Path is 'data'")]
    [InlineData("Main Store", "folder", "/data", "a store's name is made of")]
    public void A_wrong_setting_is_named_with_what_to_set(string name, string kind, string? path, string expected) =>
        Assert.Contains(expected, Assert.Single(Problems(new() { Stores = { [name] = new StoreSettings { Kind = kind, Path = path } } })), StringComparison.Ordinal);

    [Fact]
    public void All_wrong_settings_are_named_at_once() => Assert.Equal(3, Problems(new()
    {
        Stores = { ["one"] = new StoreSettings { Kind = "folder" }, ["two"] = new StoreSettings { Kind = "tape" } },
        DefaultStore = "three",
    }).Count());

    [Fact]
    public void Settings_never_print_a_secret() =>
        Assert.DoesNotContain("hush", new StoreSettings { Kind = "s3", SecretKey = "hush", ConnectionString = "hush", AccessKey = "hush" }.ToString(), StringComparison.Ordinal);

    private static StoreSettings AFolder => new() { Kind = "folder", Path = "/data" };

    private static IEnumerable<string> Problems(StoresOptions options) => new StoresCheck([new FolderStoreFactory()]).Validate(null, options).Failures ?? [];
}
