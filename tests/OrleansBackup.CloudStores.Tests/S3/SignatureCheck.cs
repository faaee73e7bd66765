using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace OrleansBackup.CloudStores.Tests.S3;

/// <summary>Verifies a request's AWS Signature Version 4 from the rules, not with the client's code.</summary>
internal sealed class SignatureCheck(string accessKey, string secret, string region)
{
    /// <returns>Null: rightly signed. Otherwise the S3 error code.</returns>
    public string? Problem(HttpRequest request, byte[] body)
    {
        const string scheme = "AWS4-HMAC-SHA256 ";
        var authorization = request.Headers.Authorization.ToString();
        if (!authorization.StartsWith(scheme, StringComparison.Ordinal))
            return "AccessDenied";
        var parts = authorization[scheme.Length..].Split(',').Select(part => part.Trim().Split('=', 2)).ToDictionary(part => part[0], part => part[1]);
        if (parts["Credential"].Split('/') is not [var key, var day, var toRegion, "s3", "aws4_request"] || key != accessKey)
            return "InvalidAccessKeyId";
        if (toRegion != region)
            return "AuthorizationHeaderMalformed";
        var claimed = request.Headers["x-amz-content-sha256"].ToString();
        if (claimed != "UNSIGNED-PAYLOAD" && claimed != Convert.ToHexStringLower(SHA256.HashData(body)))
            return "XAmzContentSHA256Mismatch";

        var signed = parts["SignedHeaders"].Split(';');
        if (!signed.Contains("host") || request.Headers.Keys.Any(name => name.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase) && !signed.Contains(name.ToLowerInvariant())))
            return "AccessDenied";
        var target = request.HttpContext.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?', 2);
        var query = target.ElementAtOrDefault(1)?.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Contains('=', StringComparison.Ordinal) ? part : part + "=").Order(StringComparer.Ordinal) ?? Enumerable.Empty<string>();
        var headers = signed.Select(name => $"{name}:{string.Join(',', request.Headers[name].Select(value => value?.Trim()))}\n");
        var canonical = $"{request.Method}\n{target[0]}\n{string.Join('&', query)}\n{string.Concat(headers)}\n{parts["SignedHeaders"]}\n{claimed}";
        var text = $"AWS4-HMAC-SHA256\n{request.Headers["x-amz-date"]}\n{day}/{region}/s3/aws4_request\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var signingKey = new[] { day, region, "s3", "aws4_request" }.Aggregate(Encoding.UTF8.GetBytes("AWS4" + secret), (last, part) => HMACSHA256.HashData(last, Encoding.UTF8.GetBytes(part)));
        return Convert.ToHexStringLower(HMACSHA256.HashData(signingKey, Encoding.UTF8.GetBytes(text))) == parts["Signature"] ? null : "SignatureDoesNotMatch";
    }
}
