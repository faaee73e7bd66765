using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace OrleansBackup.CloudStores.Tests.KeyVault;

/// <summary>Behaves like Key Vault for one RSA key with versions; the RSA is real. Wants the token that it was made with.</summary>
public sealed class KeyVaultStubServer(string token) : StubServer
{
    private readonly ConcurrentDictionary<string, RSA> _versions = new();
    private volatile string _newest = "";

    public Uri Key => new(Address, "keys/provider");

    public string NewVersion()
    {
        var version = Guid.NewGuid().ToString("N");
        _versions[version] = RSA.Create(2048);
        return _newest = version;
    }

    public void Remove(string version) => _versions.TryRemove(version, out _);

    protected override StubAnswer Of(StubFault fault) => StubAnswer.Empty(fault == StubFault.Throttled ? 429 : 500);

    protected override Task<StubAnswer> AnswerAsync(HttpRequest request, byte[] body) => Task.FromResult(Answer(request, body));

    private StubAnswer Answer(HttpRequest request, byte[] body)
    {
        if (request.Headers.Authorization != $"Bearer {token}")
            return StubAnswer.Empty(401);
        if (request.Query["api-version"] != "7.4")
            return StubAnswer.Empty(400);
        var path = request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (path is ["keys", "provider"])
            return Json(new JsonObject { ["key"] = new JsonObject { ["kid"] = $"{Key}/{_newest}", ["kty"] = "RSA" } });
        if (path is not ["keys", "provider", var version, var operation] || !_versions.TryGetValue(version, out var rsa))
            return StubAnswer.Empty(404);
        var asked = JsonNode.Parse(body)!;
        if ((string?)asked["alg"] != "RSA-OAEP-256")
            return StubAnswer.Empty(400);
        var value = Base64Url.DecodeFromChars((string)asked["value"]!);
        try
        {
            var result = operation == "wrapkey" ? rsa.Encrypt(value, RSAEncryptionPadding.OaepSHA256) : rsa.Decrypt(value, RSAEncryptionPadding.OaepSHA256);
            return Json(new JsonObject { ["kid"] = $"{Key}/{version}", ["value"] = Base64Url.EncodeToString(result) });
        }
        catch (CryptographicException) { return StubAnswer.Empty(400); } // as Key Vault answers to what it cannot unwrap
    }

    private static StubAnswer Json(JsonObject value) => new(200, Encoding.UTF8.GetBytes(value.ToJsonString())) { Headers = new() { ["Content-Type"] = "application/json" } };
}
