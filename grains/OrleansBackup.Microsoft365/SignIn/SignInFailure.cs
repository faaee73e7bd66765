using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Identity.Client;

namespace OrleansBackup.Microsoft365.SignIn;

/// <summary>Why no token was given, decided on the numbers that the token service sends, never on its prose.</summary>
/// <remarks>Source: Microsoft Entra authentication error codes.</remarks>
internal sealed partial record SignInFailure(string Code, TenantAccessProblem? Problem, bool IsClockSkew)
{
    public bool IsTransient => Problem is null;

    public static SignInFailure Read(Exception exception)
    {
        for (Exception? inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is MsalServiceException service) return Read(service);
        }

        return new SignInFailure("NoAnswer", Problem: null, IsClockSkew: false);
    }

    /// <summary>The exception to give up with. The library's own is left out: its text quotes the request.</summary>
    public GraphException ToException(string tenantId) => Problem is { } problem
        ? new TenantAccessException(problem, $"Tenant '{tenantId}' gives no token ({Code}): {ToDo(problem)}", Code)
        : new GraphTransientException($"The token service gives no answer for tenant '{tenantId}' ({Code}).", Code, requestId: null, status: null);

    private static string ToDo(TenantAccessProblem problem) => problem switch
    {
        TenantAccessProblem.Credential => "the application's secret or certificate is wrong, not registered or has expired; give a valid one.",
        TenantAccessProblem.Consent => "the application is not known there or lacks consent; check its id and let the customer's administrator consent.",
        _ => "the tenant does not exist or blocks the application; check the tenant's id, its subscription and its sign-in policies.",
    };

    private static SignInFailure Read(MsalServiceException service)
    {
        var number = Numbers(service.ResponseBody).Concat(NumberInText().Matches(service.Message).Select(m => int.Parse(m.ValueSpan[6..], provider: null))).FirstOrDefault();
        var code = number == 0 ? service.ErrorCode : $"AADSTS{number}";
        var isClockSkew = number == 700024;
        TenantAccessProblem? problem = number switch
        {
            700024 or 90006 or 90012 => null,
            7000215 or 7000222 or 70002 or 700027 or 700030 or 1000502 => TenantAccessProblem.Credential,
            700011 or 700016 or 7000229 or 70001 or 7000112 or 65001 => TenantAccessProblem.Consent,
            90002 or 650052 or 650056 or 53003 => TenantAccessProblem.TenantBlocked,
            _ when service.StatusCode is 429 or >= 500 or 0 || service.ErrorCode is "temporarily_unavailable" or "request_timeout" or "service_not_available" => null,
            _ => service.ErrorCode switch
            {
                "invalid_client" => TenantAccessProblem.Credential,
                "unauthorized_client" or "invalid_grant" => TenantAccessProblem.Consent,
                _ => TenantAccessProblem.TenantBlocked,
            },
        };
        return new SignInFailure(code, problem, isClockSkew);
    }

    private static IEnumerable<int> Numbers(string? body)
    {
        if (string.IsNullOrEmpty(body)) return [];
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("error_codes", out var codes) && codes.ValueKind == JsonValueKind.Array
                ? [.. codes.EnumerateArray().Where(c => c.ValueKind == JsonValueKind.Number).Select(c => c.GetInt32())] : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    [GeneratedRegex("AADSTS[0-9]{5,8}")]
    private static partial Regex NumberInText();
}
