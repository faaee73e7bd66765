using System.Text;
using OrleansBackup.ClientApi.Security;
using OrleansBackup.Portal.Hosting;
using OrleansBackup.Portal.Texts;

namespace OrleansBackup.Portal.Previews;

/// <summary>A preview as a document of its own, for a frame that may do nothing: no script, no form, no request, no way to what is around it.</summary>
internal static class PreviewDocument
{
    // Always on white, as those who wrote the mail assumed.
    private const string Style =
        "html{color-scheme:light;background:#fff;color:#17202c;font:15px/1.5 system-ui,-apple-system,\"Segoe UI\",Roboto,\"Noto Sans\",\"Liberation Sans\",Arial,sans-serif}"
        + "body{margin:0;padding:16px 20px;overflow-wrap:anywhere}dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:2px 16px;margin:0 0 16px;padding:0 0 12px;border-bottom:1px solid #dce2e9;font-size:13px}"
        + "dt{color:#52606f}dd{margin:0}.text{white-space:pre-wrap}.no-picture{display:inline-block;padding:0 8px;border:1px dashed #8793a2;border-radius:4px;color:#52606f;font-size:13px}"
        + ".to{color:#52606f;font-size:12px}.told{margin:0 0 12px;padding:8px 12px;background:#e6effa;border-radius:4px;font-size:13px}img{max-width:100%;height:auto}.whole{display:block;margin:auto}table{max-width:100%}a{color:#1a5499}";

    /// <summary>The policy of the answer. The frame is closed once more by itself, should somebody open its address in a window.</summary>
    public static string PolicyOf(string document) =>
        SecurityHeaders.ForDocument(document).Replace("frame-ancestors 'none'", "frame-ancestors 'self'", StringComparison.Ordinal) + "; sandbox allow-popups allow-popups-to-escape-sandbox";

    public static string Write(Preview preview, string title, PortalRequest portal)
    {
        var (html, texts) = (new StringBuilder(), portal.Texts);
        html.Append($"<!DOCTYPE html><html lang=\"{portal.Language.Tag()}\"><head><meta charset=\"utf-8\"><meta name=\"referrer\" content=\"no-referrer\"><title>{SafeHtml.Encode(title)}</title><style>{Style}</style>");
        if (preview.Html is { Sheet: { Length: > 0 } sheet })
            html.Append($"<style>{sheet}</style>");
        html.Append("</head><body>");
        if (preview.Html is { PicturesLeftOut: > 0 and var pictures })
            Tell(html, texts.Counted("preview.pictures-left-out", pictures, portal.Write.Number(pictures)));
        if (preview.Html is { IsCut: true })
            Tell(html, texts["preview.cut"]);
        if (preview.IsTooLarge)
            Tell(html, texts["preview.too-large"]);
        if (preview.Remark is { } remark)
            Tell(html, texts[remark]);
        if (!preview.Fields.IsEmpty)
        {
            html.Append("<dl>");
            foreach (var field in preview.Fields)
                html.Append($"<dt>{SafeHtml.Encode(field.IsColumn ? field.Name : texts[$"preview.field-{field.Name}"])}</dt><dd>{SafeHtml.Encode(field.Value)}</dd>");
            html.Append("</dl>");
        }
        if (preview.Html is { } body)
            html.Append(body.Html);
        else if (preview is { Fields.IsEmpty: true, IsTooLarge: false, Remark: null })
            Tell(html, texts["preview.none"]);
        return html.Append("</body></html>").ToString();
    }

    private static void Tell(StringBuilder html, string text) => html.Append($"<p class=\"told\">{SafeHtml.Encode(text)}</p>");
}
