namespace OrleansBackup.Grains.Tests.Given;

/// <summary>Two stores in folders: one at home in the Netherlands, and the default one in Ireland.</summary>
internal sealed class StoreFolders : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("orleansbackup-stores-").FullName;

    public StoreFolders()
    {
        Directory.CreateDirectory(Of("home"));
        Directory.CreateDirectory(Of("ireland"));
    }

    public Dictionary<string, string?> Settings => new()
    {
        ["Vault:Stores:home:Kind"] = "folder", ["Vault:Stores:home:Path"] = Of("home"), ["Vault:Stores:home:Region"] = "NL",
        ["Vault:Stores:ireland:Kind"] = "folder", ["Vault:Stores:ireland:Path"] = Of("ireland"), ["Vault:Stores:ireland:Region"] = "northeurope",
        ["Vault:DefaultStore"] = "ireland",
    };

    public string Of(string name) => Path.Combine(_root, name);

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
