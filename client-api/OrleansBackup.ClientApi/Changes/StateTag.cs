using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using OrleansBackup.ClientApi.Json;

namespace OrleansBackup.ClientApi.Changes;

/// <summary>The ETag of something that changes: a hash of how it is read, so that it changes exactly when what a caller sees does.</summary>
internal static class StateTag
{
    public static EntityTagHeaderValue Of(object body) =>
        new($"\"{Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(body, body.GetType(), ApiJson.Options)).AsSpan(0, 16))}\"");

    /// <summary>Whether the caller's copy, as If-None-Match names it, is the present one.</summary>
    public static bool CallerHas(HttpRequest request, EntityTagHeaderValue tag) => request.GetTypedHeaders().IfNoneMatch.Any(mine => mine.Compare(tag, useStrongComparison: false));

    /// <summary>Whether the state is one that If-Match allows to change. A header that cannot be read allows none.</summary>
    /// <param name="tag">Null: there is nothing to change now.</param>
    public static bool Allows(StringValues ifMatch, EntityTagHeaderValue? tag) => tag is not null && EntityTagHeaderValue.TryParseStrictList(ifMatch.ToArray()!, out var tags)
        && tags.Any(one => one.Equals(EntityTagHeaderValue.Any) || one.Compare(tag, useStrongComparison: true));
}
