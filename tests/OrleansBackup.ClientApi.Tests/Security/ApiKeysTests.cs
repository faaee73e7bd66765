using System.Security.Cryptography;
using System.Text;
using OrleansBackup.ClientApi.Security;

namespace OrleansBackup.ClientApi.Tests.Security;

/// <summary>Looking for a key takes as long whether and where it is found.</summary>
public sealed class ApiKeysTests
{
    [Fact]
    public void The_search_does_not_end_where_a_key_is_found()
    {
        // Two holders of one key are a fault of the configuration, and show that the search went on: the last of them answers.
        var hash = Convert.ToHexString(SHA256.HashData("the key of both"u8));
        var keys = new ApiKeys("the first key", new ApiKeyOptions { Keys = new() { ["kim"] = hash, ["sam"] = hash, ["robin"] = Convert.ToHexString(SHA256.HashData("another"u8)) } }, hasAccounts: false);
        Assert.Equal("sam", keys.CallerOfHash(hash)!.Name);
        Assert.Null(keys.CallerOfHash(Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes("none")))));
    }
}
