using Microsoft.AspNetCore.Http;
using OrleansBackup.ClientApi.Audit;

namespace OrleansBackup.Portal.Hosting;

/// <summary>The form of an act whose fields go into the audit book, as the body of the same act does at the API. Never for a form with a secret in it.</summary>
public sealed record ActForm(FormInput Input) : IAuditedForm
{
    /// <summary>The proof of the form and empty fields say nothing of what was asked.</summary>
    object? IAuditedForm.Asked => new SortedDictionary<string, string>(
        Input.Values.Where(one => one.Value.Length > 0 && !one.Key.StartsWith("__", StringComparison.Ordinal)).ToDictionary(one => one.Key, one => one.Value), StringComparer.Ordinal);

    public string this[string field] => Input[field];

    public static async ValueTask<ActForm?> BindAsync(HttpContext context) => new(context.Request.HasFormContentType ? await FormInput.ReadAsync(context) : FormInput.Empty);
}
