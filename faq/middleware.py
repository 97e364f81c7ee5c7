"""Headers that neither Django nor django-csp sets."""

HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    # A page may be kept, and is asked for again by its ETag; what must not be kept says so itself.
    "Cache-Control": "no-cache",
}


def headers(get_response):
    """Middleware that adds the headers to every response."""

    def middleware(request):
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return middleware
